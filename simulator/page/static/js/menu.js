/** The app's menu at the foot of its conversation, as the service created it. */

import { api } from "./api.js";
import { attempt } from "./conversation.js";
import { byId, el, icon, outLink } from "./dom.js";
import { announce, on, state } from "./state.js";

const bar = byId("app-menu");
let drawn = "";
let buttons = [];

export function startMenu() {
  on("opened", () => { loadMenu(); visibility(); });
  document.addEventListener("click", (event) => { if (!bar.contains(event.target)) closeAll(); });
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const owner = bar.querySelector("[aria-expanded=true]");
    closeAll();
    owner?.focus();
  });
}

/** Reads the menu again: a service may create it after the page was opened. */
export async function loadMenu() {
  const answer = await api.menu().catch(() => null);
  if (!answer) return;
  const picture = JSON.stringify(answer.button ?? []);
  if (picture !== drawn) {
    drawn = picture;
    buttons = answer.button ?? [];
    bar.replaceChildren(...buttons.map(top));
  }
  visibility();
}

function visibility() {
  bar.hidden = state.peer !== "app" || !buttons.length;
}

function closeAll() {
  for (const owner of bar.querySelectorAll("[aria-expanded=true]")) {
    owner.setAttribute("aria-expanded", "false");
    owner.nextElementSibling.hidden = true;
  }
}

function top(button, n) {
  const testid = `menu-${n + 1}`;
  if (!button.sub_button?.length) return el("div", { class: "menu-top" }, leaf(button, testid));
  const entries = el("div", { class: "sub-menu", hidden: true }, button.sub_button.map((sub, m) => leaf(sub, `${testid}-${m + 1}`)));
  const owner = el("button", { type: "button", testid, "aria-haspopup": "true", "aria-expanded": "false", onclick: () => toggle(owner, entries) }, icon("menu"), button.name);
  return el("div", { class: "menu-top" }, owner, entries);
}

function toggle(owner, entries) {
  const opening = entries.hidden;
  closeAll();
  entries.hidden = !opening;
  owner.setAttribute("aria-expanded", String(opening));
  if (opening) entries.querySelector("button, a")?.focus();
}

function leaf(button, testid) {
  if (button.type === "view") return outLink(button.url, { "data-testid": testid, onclick: closeAll }, button.name);
  return el("button", { type: "button", testid, onclick: () => { closeAll(); announce("sent"); attempt(() => api.clickMenu(state.person, button.key)); } }, button.name);
}
