/** The part of Markdown WeCom documents for messages (`markdown` and the robots' `markdown_v2`). */

import { el, icon, outLink, safeUrl } from "./dom.js";
import { mention } from "./richtext.js";

const INLINE = new RegExp([
  /`([^`\n]+)`/, // 1 code
  /\*\*([^*]+?)\*\*/, // 2 bold
  /!\[([^\]]*)\]\(([^)\s]+)\)/, // 3, 4 picture
  /\[([^\]]+)\]\(([^)\s]+)\)/, // 5, 6 link
  /<font\s+color=["']?(info|comment|warning)["']?>([\s\S]*?)<\/font>/, // 7, 8 colour
  /<@([^>\s]+)>/, // 9 mention
  /\*([^*\s][^*]*?)\*/, // 10 italics
].map((part) => part.source).join("|"), "g");

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(text.slice(end, match.index), inlineNode(match));
    end = match.index + match[0].length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function inlineNode(match) {
  const [, code, bold, alt, source, label, address, colour, coloured, userid, italics] = match;
  if (code) return el("code", {}, code);
  if (bold) return el("strong", {}, inline(bold));
  if (source) return safeUrl(source) ? el("img", { src: safeUrl(source), alt }) : icon("picture");
  if (address) return outLink(address, {}, inline(label));
  if (colour) return el("span", { class: `font-${colour}` }, inline(coloured));
  if (userid) return el("span", { class: "mention" }, mention(userid));
  return el("em", {}, inline(italics));
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
const alignment = (rule) => (/^:-+:$/.test(rule) ? "middle" : /-:$/.test(rule) ? "end" : "start");

function table(lines) {
  const [head, rules, ...rows] = lines.map(cells);
  const line = (tag, row) => el("tr", {}, row.map((cell, n) => el(tag, { class: `to-${alignment(rules[n] ?? "-")}` }, inline(cell))));
  return el("div", { class: "table-frame" },
    el("table", {}, el("thead", {}, line("th", head)), el("tbody", {}, rows.map((row) => line("td", row)))));
}

/** Each kind of block: whether a line belongs to it, and how its consecutive lines become an element. */
const BLOCKS = [
  { fits: (line) => /^#{1,6}\s/.test(line), single: true,
    build: ([line]) => el(`h${Math.min(6, line.indexOf(" ") + 2)}`, { class: `heading-${line.indexOf(" ")}` }, inline(line.replace(/^#+\s+/, ""))) },
  { fits: (line) => /^>/.test(line), build: (lines) => el("blockquote", {}, markdown(lines.map((line) => line.replace(/^>\s?/, "")).join("\n"))) },
  { fits: (line) => /^\s*[-*+]\s+/.test(line) && !/^\s*([-*])(\s*\1){2,}\s*$/.test(line), build: (lines) => bullets("ul", lines) },
  { fits: (line) => /^\s*\d+\.\s+/.test(line), build: (lines) => bullets("ol", lines) },
  { fits: (line) => /^\s*([-*])(\s*\1){2,}\s*$/.test(line), single: true, build: () => el("hr") },
];

function bullets(tag, lines) {
  const first = tag === "ol" ? lines[0].trim().match(/^\d+/)[0] : null;
  return el(tag, { start: first }, lines.map((line) => el("li", {}, inline(line.replace(/^\s*(?:[-*+]|\d+\.)\s+/, "")))));
}

function fenced(lines, start) {
  const close = lines.findIndex((line, n) => n > start && line.startsWith("```"));
  const end = close === -1 ? lines.length : close;
  return { node: el("pre", {}, el("code", {}, lines.slice(start + 1, end).join("\n"))), next: end + 1 };
}

function run(lines, start, fits) {
  let next = start;
  while (next < lines.length && fits(lines[next])) next += 1;
  return next;
}

const startsTable = (lines, n) => lines[n].includes("|") && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*$/.test(lines[n + 1] ?? "");
const isPlain = (lines, n) => lines[n].trim() && !lines[n].startsWith("```") && !startsTable(lines, n) && !BLOCKS.some((block) => block.fits(lines[n]));

function blockAt(lines, start) {
  if (lines[start].startsWith("```")) return fenced(lines, start);
  if (startsTable(lines, start)) {
    const next = run(lines, start, (line) => line.includes("|"));
    return { node: table(lines.slice(start, next)), next };
  }
  const block = BLOCKS.find((candidate) => candidate.fits(lines[start]));
  if (block) {
    const next = block.single ? start + 1 : run(lines, start, block.fits);
    return { node: block.build(lines.slice(start, next)), next };
  }
  let next = start;
  while (next < lines.length && isPlain(lines, next)) next += 1;
  return { node: el("p", {}, inline(lines.slice(start, next).join("\n"))), next };
}

/** Elements of a Markdown `text`; anything outside the documented part stays as written. */
export function markdown(text) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const nodes = [];
  for (let n = 0; n < lines.length;) {
    if (!lines[n].trim()) {
      n += 1;
      continue;
    }
    const { node, next } = blockAt(lines, n);
    nodes.push(node);
    n = next;
  }
  return nodes;
}
