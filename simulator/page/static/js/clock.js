/** The county's clock: shows the time everywhere, and moves it forward where the simulator allows it. */

import { api } from "./api.js";
import { attempt } from "./conversation.js";
import { byId, el, toast } from "./dom.js";
import { announce, on, state } from "./state.js";
import { dateLabel, hourMinute, isoShanghai, later, nextWeekday, nextWeekMonday, parseTyped, secondLabel } from "./time.js";

const JUMPS = [
  { testid: "clock-friday", label: "到周五 15:07", target: (now) => nextWeekday(now, 5, 15, 7) },
  { testid: "clock-monday", label: "到下周一 8:47", target: (now) => nextWeekMonday(now, 8, 47) },
  { testid: "clock-hour", label: "过 1 小时", target: (now) => later(now, { hours: 1 }) },
  { testid: "clock-day", label: "过 1 天", target: (now) => later(now, { days: 1 }) },
];

let read = null;

/** The county's time now, carried on from the last answer of the simulator. */
function now() {
  return read ? new Date(read.at.getTime() + (performance.now() - read.when)) : null;
}

export async function loadClock() {
  const answer = await api.clock().catch(() => null);
  if (!answer) return;
  read = { at: new Date(answer.now), when: performance.now() };
  state.clockMovable = Boolean(answer.movable);
  announce("clock");
}

export function clockPanel() {
  const time = el("strong", { class: "clock-time", testid: "clock-now" });
  const day = el("span", { class: "clock-day" });
  const typed = el("input", { name: "to", placeholder: "如 2026-11-27 15:07", "aria-label": "走到什么时候", autocomplete: "off", testid: "clock-to" });
  const form = el("form", { class: "clock-form", novalidate: true }, typed, el("button", { type: "submit", class: "plain" }, "走到"));
  form.addEventListener("submit", (event) => { event.preventDefault(); moveTyped(typed); });
  const controls = el("div", { class: "clock-controls", hidden: true },
    el("div", { class: "clock-jumps" }, JUMPS.map((jump) => el("button", {
      type: "button", testid: jump.testid, onclick: (event) => move(jump.target(now()), event.currentTarget),
    }, jump.label))), form);
  const draw = () => {
    const at = now();
    if (!at) return;
    time.textContent = secondLabel(at);
    day.textContent = dateLabel(at);
    byId("status-time").textContent = hourMinute(at);
    controls.hidden = !state.clockMovable;
  };
  on("clock", draw);
  setInterval(draw, 1000);
  return el("section", { class: "tool", "aria-label": "县里的时钟" }, el("h3", {}, "县里的时钟"), el("p", { class: "clock-face" }, time, day), controls);
}

async function move(target, button) {
  button.disabled = true;
  await attempt(() => api.moveClock(isoShanghai(target)));
  await loadClock();
  button.disabled = false;
}

async function moveTyped(input) {
  const target = parseTyped(input.value, now());
  if (!target) {
    toast("时间写成 2026-11-27 15:07 这样。");
    return;
  }
  if (target <= now()) {
    toast("时钟只能往后走，换一个更晚的时间。");
    return;
  }
  await move(target, input.nextElementSibling);
  input.value = "";
}
