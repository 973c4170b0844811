/** The text box and its send button, and the suggestions above them for who does not know what to say yet. */

import { say } from "./conversation.js";
import { byId, el } from "./dom.js";
import { announce, on, state } from "./state.js";
import { servesEnterprises, titleOf } from "./threads.js";

const box = byId("composer");
const sendButton = byId("send");
const suggestions = byId("suggestions");

export function startComposer() {
  box.addEventListener("input", fit);
  box.addEventListener("keydown", (event) => {
    const enter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!enter) return;
    event.preventDefault();
    send();
  });
  sendButton.addEventListener("click", send);
  on("opened", opened);
  on("shown", ({ spoken }) => { suggestions.hidden = spoken || !suggestions.childElementCount; });
}

function fit() {
  sendButton.disabled = !box.value.trim();
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 120)}px`;
}

async function send() {
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  fit();
  announce("sent");
  const sent = await say(text);
  if (sent || box.value) return;
  box.value = text;
  fit();
}

function opened() {
  const writable = !(state.peer === "system" || state.peer?.startsWith("group:robot"));
  box.disabled = !writable;
  box.placeholder = writable ? `发消息给${titleOf(state.peer)}` : "这里只接收通知";
  const examples = examplesFor(state.peer);
  suggestions.hidden = true;
  suggestions.replaceChildren(...(examples.length ? [el("span", {}, "点一句试试"), ...examples.map(chip)] : []));
  fit();
}

const chip = (text, n) => el("button", { type: "button", testid: `suggestion-${n + 1}`, onclick: () => { announce("sent"); say(text); } }, text);

const OFFICER = ["周报", "KR1 35", "帮助"];
const ENTERPRISE = ["我们想扩产，还缺30个普工", "进度", "帮助"];
const RESIDENT = ["加群 虹桥佳苑", "上报 3幢楼道灯坏了", "帮助"];

/** Three things to say in a conversation; none where nobody answers. */
function examplesFor(peer) {
  if (peer === "app") return OFFICER;
  if (!peer?.startsWith("kf:")) return [];
  return servesEnterprises(peer) ? ENTERPRISE : RESIDENT;
}
