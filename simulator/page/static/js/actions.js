/** What else happens in the county beside talking: confirming a mass message, scanning a group code, leaving. */

import { api } from "./api.js";
import { el, toast } from "./dom.js";
import { state } from "./state.js";
import { ask } from "./viewer.js";

const PERSONAL = ["person", "userid", "external_userid", "customer", "owner"];

function fieldOf(spec) {
  const described = typeof spec === "string" ? { name: spec, label: spec } : spec;
  const value = described.value ?? described.default ?? (PERSONAL.includes(described.name) ? state.person : "");
  return { ...described, label: described.label ?? described.name, value };
}

function start(action) {
  ask(action.label, (action.fields ?? []).map(fieldOf), "确定", async (values) => {
    try {
      await api.act(action.name, values);
      toast(`${action.label}：好了。`);
      return true;
    } catch (error) {
      return error.message;
    }
  });
}

export function actionsPanel() {
  const buttons = el("div", { class: "action-buttons" });
  const panel = el("section", { class: "tool", "aria-label": "别的事", hidden: true }, el("h3", {}, "让别的事发生"), buttons);

  async function load() {
    const answer = await api.actions().catch(() => null);
    if (!answer?.actions?.length || buttons.childElementCount) return;
    buttons.replaceChildren(...answer.actions.map((action) => el("button", { type: "button", testid: `action-${action.name}`, onclick: () => start(action) }, action.label)));
    panel.hidden = false;
  }

  return { panel, load };
}
