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

/** The conversations a person has; a customer may open any customer-service account, their own one before the others. */
export async function threadsOf(person) {
  const { threads } = await api.threads(person);
  const found = state.people.find((candidate) => candidate.id === person);
  if (found?.kind === "customer") {
    const known = new Set(threads.map((thread) => thread.peer));
    const own = (account) => account.open_kfid === found.open_kfid;
    const accounts = [...state.kfAccounts.filter(own), ...state.kfAccounts.filter((account) => !own(account))];
    const more = accounts.map((account) => ({ peer: `kf:${account.open_kfid}`, title: account.name, unread: 0 }));
    return [...threads, ...more.filter((thread) => !known.has(thread.peer))];
  }
  return threads.some((thread) => thread.peer === "app") ? threads : [{ peer: "app", title: state.app.name, unread: 0 }, ...threads];
}

/** Whether a conversation is with the customer-service account for enterprises. */
export const servesEnterprises = (peer) => state.kfAccounts.find((account) => `kf:${account.open_kfid}` === peer)?.serves === "企业";

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
