/** The faults panel: makes the simulated interface misbehave, to see what the service makes of it. */

import { api } from "./api.js";
import { attempt } from "./conversation.js";
import { el } from "./dom.js";

const CHOICES = [
  { label: "接口繁忙", code: "-1", fault: { fault: "errcode", errcode: -1, path: "message/send", times: 3 } },
  { label: "限频", code: "45009", fault: { fault: "errcode", errcode: 45009, path: "message/send", times: 3 } },
  { label: "IP 不可信", code: "60020", fault: { fault: "errcode", errcode: 60020, path: "", times: 3 } },
  { label: "令牌失效", code: "40014", fault: { fault: "errcode", errcode: 40014, path: "message/send", times: 1 } },
  { label: "延迟 3 秒", code: "", fault: { fault: "latency", seconds: 3, path: "", times: 3 } },
  { label: "网关出错", code: "502", fault: { fault: "http", status: 502, path: "", times: 3 } },
  { label: "收下后断开", code: "", fault: { fault: "drop_after_accept", path: "message/send", times: 1 } },
];

const same = (fault, choice) => fault.fault === choice.fault.fault && (fault.fault !== "errcode" || fault.errcode === choice.fault.errcode);

function nameOf(fault) {
  const choice = CHOICES.find((candidate) => same(fault, candidate));
  return choice ? [choice.label, choice.code].filter(Boolean).join(" ") : "其他故障";
}

export function faultsPanel() {
  const active = el("ul", { class: "active-faults" });
  const clear = el("button", { type: "button", class: "plain", testid: "faults-clear", hidden: true }, "全部清除");
  let drawn = "";

  async function load() {
    const answer = await api.faults().catch(() => null);
    if (!answer) return;
    const faults = Array.isArray(answer) ? answer : answer.faults ?? [];
    const running = faults.filter((fault) => fault.times !== 0);
    if (JSON.stringify(running) === drawn) return;
    drawn = JSON.stringify(running);
    active.replaceChildren(...running.map((fault) => el("li", {}, nameOf(fault), el("small", {}, fault.times ? `还有 ${fault.times} 次` : "一直"))));
    clear.hidden = !running.length;
  }

  const change = (send) => attempt(send).then(load);
  clear.addEventListener("click", () => change(api.clearFaults));
  const buttons = CHOICES.map((choice) => el("button", {
    type: "button", testid: `fault-${choice.code || choice.fault.fault}`, onclick: () => change(() => api.addFault(choice.fault)),
  }, choice.label, choice.code ? el("small", {}, choice.code) : null));
  const panel = el("section", { class: "tool", "aria-label": "故障" }, el("h3", {}, "故障"),
    el("p", { class: "tool-hint" }, "点一下，接下来几次接口调用就会这样失败。"),
    el("div", { class: "fault-buttons" }, buttons), active, clear);
  return { panel, load };
}
