/** A person's conversations as tabs under the title, shown when there is more than one. */

import { api } from "./api.js";
import { open } from "./conversation.js";
import { byId, el } from "./dom.js";
import { on, state } from "./state.js";

const bar = byId("threads");
let drawn = "";

export function startThreads() {
  on("opened", draw);
  on("threads", draw);
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...bar.querySelectorAll("[role=tab]")];
    tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length]?.focus();
  });
}

/** The conversations a person has; a customer who has none yet may open any customer-service account. */
export async function threadsOf(person) {
  const { threads } = await api.threads(person);
  const kind = state.people.find((candidate) => candidate.id === person)?.kind;
  if (kind === "customer") {
    const known = new Set(threads.map((thread) => thread.peer));
    const more = state.kfAccounts.map((account) => ({ peer: `kf:${account.open_kfid}`, title: account.name, unread: 0 }));
    return [...threads, ...more.filter((thread) => !known.has(thread.peer))];
  }
  return threads.some((thread) => thread.peer === "app") ? threads : [{ peer: "app", title: state.app.name, unread: 0 }, ...threads];
}

/** Whom a customer-service account, or a customer, is about, as its names tell. */
export const audience = (words) => (/企业|公司|集团|工厂|厂长|电子|商会/.test(words) ? "enterprise" : "resident");

export const titleOf = (peer) =>
  state.threads.find((thread) => thread.peer === peer)?.title || (peer === "app" ? state.app.name : "会话");

function draw() {
  const picture = JSON.stringify([state.person, state.peer, state.threads.map(({ peer, title, unread }) => [peer, title, unread])]);
  if (picture === drawn) return;
  drawn = picture;
  bar.hidden = state.threads.length < 2;
  const focused = document.activeElement?.getAttribute("role") === "tab" && bar.contains(document.activeElement);
  bar.replaceChildren(...state.threads.map(tab));
  const chosen = bar.querySelector("[aria-selected=true]");
  if (focused) chosen?.focus();
  if (!bar.hidden) chosen?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function tab(thread) {
  const current = thread.peer === state.peer;
  return el("button", {
    type: "button", role: "tab", class: "thread", testid: `thread-${thread.peer}`, "aria-selected": String(current),
    "aria-controls": "messages", tabindex: current ? "0" : "-1", onclick: () => open(state.person, thread.peer),
  }, titleOf(thread.peer), thread.unread && !current ? el("span", { class: "dot" }, el("span", { class: "for-readers" }, `${thread.unread} 条未读`)) : null);
}
