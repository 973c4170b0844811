/** The county's people at the left: grouped by unit, searchable, with what they have not read yet. */

import { byId, el } from "./dom.js";
import { initials } from "./messages.js";
import { on, state } from "./state.js";

const CUSTOMERS = "企业与居民";
const list = byId("people-list");
const search = byId("search");
let drawn = "";

/** Draws the list whenever it changes; `choose(person)` is called for the one tapped. */
export function startPeople(choose) {
  const redraw = () => draw(choose);
  on("people", redraw);
  on("opened", redraw);
  search.addEventListener("input", redraw);
  search.addEventListener("keydown", (event) => { if (event.key === "ArrowDown") step(event, 0); });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const at = buttons().indexOf(document.activeElement);
    step(event, at + (event.key === "ArrowDown" ? 1 : -1));
  });
}

const buttons = () => [...list.querySelectorAll("button")];

function step(event, index) {
  event.preventDefault();
  if (index < 0) search.focus();
  else buttons()[index]?.focus();
}

function matches(person, words) {
  const text = `${person.name} ${person.unit ?? ""} ${person.id} ${person.position ?? ""}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function grouped(people) {
  const groups = new Map();
  const ordered = [...people.filter((one) => one.kind !== "customer"), ...people.filter((one) => one.kind === "customer")];
  for (const person of ordered) {
    const name = person.kind === "customer" ? CUSTOMERS : person.unit || "未分配单位";
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(person);
  }
  return groups;
}

function draw(choose) {
  const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = state.people.filter((person) => matches(person, words));
  const picture = JSON.stringify([found, state.person]);
  if (picture === drawn) return;
  drawn = picture;
  const focused = document.activeElement?.dataset?.testid;
  const top = list.scrollTop;
  list.replaceChildren(...sections(found, choose));
  list.scrollTop = top;
  if (focused?.startsWith("person-")) list.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
}

function sections(found, choose) {
  if (!found.length) return [el("p", { class: "nobody" }, search.value ? "没有找到这样的人，换个名字或单位试试。" : "县里还没有人。装入样例数据后，这里就有了。")];
  const reachable = found.find((person) => person.id === state.person) ?? found[0];
  return [...grouped(found)].map(([name, people]) => el("section", { class: "unit", "aria-label": name },
    el("h2", {}, el("span", {}, name), el("small", {}, String(people.length))),
    el("ul", {}, people.map((person) => el("li", {}, entry(person, person === reachable, choose))))));
}

function entry(person, reachable, choose) {
  const current = person.id === state.person;
  const under = person.kind === "customer" ? [person.unit, person.position].filter(Boolean).join(" · ") || "微信用户" : person.position || "成员";
  const label = `${person.name}，${under}${person.unread ? `，${person.unread} 条未读` : ""}`;
  return el("button", {
    type: "button", class: "person", testid: `person-${person.id}`, "aria-label": label,
    "aria-current": current ? "true" : null, tabindex: reachable ? "0" : "-1", title: person.id, onclick: () => choose(person),
  },
    initials(person.name),
    el("span", { class: "person-words" }, el("strong", {}, person.name), el("small", {}, under)),
    person.unread && !current ? el("span", { class: "unread", "aria-hidden": "true" }, person.unread > 99 ? "99+" : String(person.unread)) : null);
}

/** Brings the chosen person into sight, for a first visit or an address that names somebody. */
export function revealCurrent() {
  list.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
}
