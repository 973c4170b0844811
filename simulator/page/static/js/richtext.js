/** Text with links, as messages and text cards carry it. */

import { el, outLink } from "./dom.js";
import { state } from "./state.js";

const INLINE = /<a\s[^>]*?href=["']([^"']*)["'][^>]*>([\s\S]*?)<\/a>|<@([^>\s]+)>|https?:\/\/[^\s<>"'，。；、：！？（）【】「」《》]+/gi;

export function mention(userid) {
  if (userid.toLowerCase() === "all" || userid === "@all") return "@所有人";
  const person = state.people.find((candidate) => candidate.id.toLowerCase() === userid.toLowerCase());
  return `@${person?.name ?? userid}`;
}

/** Nodes of `text`: its `<a href>`, bare addresses and `<@userid>` become links and names, all else stays text. */
export function rich(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(text.slice(end, match.index));
    if (match[3]) nodes.push(el("span", { class: "mention" }, mention(match[3])));
    else nodes.push(outLink(match[1] ?? match[0], {}, match[2] ?? match[0]));
    end = match.index + match[0].length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

const DIV_CLASSES = ["gray", "normal", "highlight"];

/** Nodes of a text card's description, which may hold `<div class="gray|normal|highlight">` and `<br>`. */
export function describe(description) {
  const inert = new DOMParser().parseFromString(description, "text/html");
  return [...inert.body.childNodes].map(allowed).filter(Boolean);
}

function allowed(node) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.textContent);
  if (node.nodeName === "BR") return el("br");
  if (node.nodeName !== "DIV") return document.createTextNode(node.textContent);
  const kind = DIV_CLASSES.find((name) => node.classList.contains(name)) ?? "normal";
  return el("div", { class: kind }, [...node.childNodes].map(allowed).filter(Boolean));
}
