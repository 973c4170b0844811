/** The message list: adds and replaces single messages, and keeps to the newest unless the reader scrolled up. */

import { bubble } from "./bubbles.js";
import { carryChoices } from "./cards.js";
import { byId, el } from "./dom.js";
import { announce, on, state } from "./state.js";
import { dayKey, dayLabel, fullLabel, hourMinute } from "./time.js";

const NEAR_END_PX = 80;

const list = byId("messages");
const newer = byId("to-newest");
const content = el("div", { class: "messages-content" });
let shown = new Map();
let last = null;
let pinned = true;

export function startMessages() {
  list.append(content);
  list.addEventListener("scroll", () => {
    pinned = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    if (pinned) newer.hidden = true;
  });
  new ResizeObserver(keepToEnd).observe(content);
  new ResizeObserver(keepToEnd).observe(list);
  newer.addEventListener("click", toEnd);
  on("opened", reset);
  on("messages", show);
  on("sent", toEnd);
}

function reset() {
  content.replaceChildren();
  shown = new Map();
  last = null;
  pinned = true;
  newer.hidden = true;
  list.setAttribute("aria-live", "off");
}

function show({ fresh, messages }) {
  if (fresh) reset();
  const ordered = [...messages].sort(byAge);
  let added = 0;
  for (const message of ordered) added += place(message);
  if (fresh) {
    list.setAttribute("aria-live", "polite");
    toEnd();
  } else if (added && !pinned) {
    newer.hidden = false;
  }
  announce("shown", { spoken: [...shown.values()].some((entry) => entry.mine), added, fresh });
}

/** A card changed in place comes with a newer seq but keeps its time and its id, so these say where it belongs. */
function byAge(one, other) {
  return new Date(one.at) - new Date(other.at) || one.id.localeCompare(other.id, "en", { numeric: true });
}

/** Puts one message in its place; answers 1 when it is new, 0 when it took the place of its older state. */
function place(message) {
  const node = row(message);
  const entry = shown.get(message.id);
  const card = JSON.stringify(message.card);
  shown.set(message.id, { node, card, mine: message.mine });
  if (entry) {
    node.classList.remove("arriving");
    if (entry.card === card) carryChoices(entry.node, node);
    entry.node.replaceWith(node);
    return 0;
  }
  const at = new Date(message.at);
  if (!last || dayKey(at) !== dayKey(last)) content.append(separator(at));
  last = at;
  content.append(node);
  return 1;
}

const separator = (at) => el("p", { class: "day-separator" }, el("time", { datetime: dayKey(at) }, dayLabel(at)));

function row(message) {
  if (message.recalled) return el("p", { class: "event-line", "data-id": message.id }, `${message.mine ? "你" : message.sender}撤回了一条消息`);
  if (message.type === "event") return el("p", { class: "event-line", "data-id": message.id }, message.text ?? "");
  const inGroup = state.peer?.startsWith("group:");
  const side = message.mine ? "mine" : "theirs";
  const at = new Date(message.at);
  return el("article", { class: `message ${side} arriving`, "data-id": message.id, title: fullLabel(at) },
    avatar(message),
    el("div", { class: "message-body" },
      inGroup && !message.mine ? el("p", { class: "sender" }, message.sender) : el("p", { class: "for-readers" }, message.mine ? "我" : message.sender),
      bubble(message),
      el("time", { class: "message-time", datetime: at.toISOString() }, hourMinute(at))));
}

function avatar(message) {
  const fromApp = !message.mine && (!state.peer?.startsWith("group:") || message.sender === state.app.name);
  if (fromApp) return el("img", { class: "avatar", src: "/page/logo.svg", alt: "" });
  const person = message.mine ? state.people.find((candidate) => candidate.id === state.person) : null;
  return initials(person?.name ?? message.sender ?? "");
}

/** A square with the last two characters of a name, as WeCom draws one without a photograph. */
export function initials(name) {
  const letters = [...name.replace(/[\s（(].*$/, "")];
  const colour = letters.reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
  return el("span", { class: `avatar initials tone-${colour}`, "aria-hidden": "true" }, letters.slice(-2).join(""));
}

function keepToEnd() {
  if (pinned) list.scrollTop = list.scrollHeight;
}

function toEnd() {
  pinned = true;
  newer.hidden = true;
  keepToEnd();
}
