/** The panel at the right: clock, faults, other happenings and the log; it refreshes only while it is open. */

import { actionsPanel } from "./actions.js";
import { clockPanel } from "./clock.js";
import { byId, el, icon, outLink } from "./dom.js";
import { faultsPanel } from "./faults.js";
import { logPanel } from "./log.js";
import { on, recall, remember, state } from "./state.js";

const REFRESH_MS = 1500;
const layout = byId("layout");
const roomy = matchMedia("(min-width: 1180px)");

export function startTools() {
  const [faults, actions, log] = [faultsPanel(), actionsPanel(), logPanel()];
  const door = el("p", { class: "console-door", hidden: true });
  byId("tools-body").append(door, clockPanel(), faults.panel, actions.panel, log.panel);
  on("people", () => drawDoor(door));
  byId("open-tools").addEventListener("click", () => show(!isOpen()));
  byId("close-tools").addEventListener("click", () => { show(false); byId("open-tools").focus(); });
  show(roomy.matches && recall("tools") !== "closed", false);
  const refresh = async () => {
    if (isOpen() && !document.hidden) await Promise.all([faults.load(), actions.load(), log.load()]);
    setTimeout(refresh, REFRESH_MS);
  };
  refresh();
}

const isOpen = () => layout.classList.contains("with-tools");

/** Opens or closes the panel; a reader's own choice is kept for the next visit. */
export function show(open, keep = true) {
  layout.classList.toggle("with-tools", open);
  byId("tools").inert = !open;
  byId("open-tools").setAttribute("aria-expanded", String(open));
  if (keep && roomy.matches) remember("tools", open ? "open" : "closed");
  byId("shade").hidden = !(open && !roomy.matches) && !layout.classList.contains("with-people");
}

function drawDoor(door) {
  if (!state.consoleUrl || door.childElementCount) return;
  door.append(outLink(state.consoleUrl, { class: "console-link", "data-testid": "console-link" }, "打开县里的工作台", icon("open")));
  door.hidden = false;
}
