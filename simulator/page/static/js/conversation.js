/** The open conversation: follows its messages by long poll and says what its person does in it. */

import { api } from "./api.js";
import { toast } from "./dom.js";
import { announce, remember, state } from "./state.js";

const WAIT_SECONDS = 25;
const RETRY_MS = 1500;
const QUIET_MS = 300;

let following = null;
const entered = new Set();
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Opens one person's conversation with `peer`; what was followed before is left. */
export function open(person, peer) {
  following?.abort();
  following = new AbortController();
  state.person = person;
  state.peer = peer;
  remember("person", person);
  history.replaceState(null, "", `#/${encodeURIComponent(person)}/${encodeURIComponent(peer)}`);
  announce("opened");
  follow(person, peer, following.signal);
}

async function follow(person, peer, signal) {
  let after = 0;
  let fresh = true;
  while (!signal.aborted) {
    const started = performance.now();
    try {
      const answer = await api.messages(person, peer, after, fresh ? 0 : WAIT_SECONDS, signal);
      if (signal.aborted) return;
      announce("connection", true);
      if (answer.seq < after) throw new Error("the simulator started anew");
      announce("messages", { fresh, messages: answer.messages });
      if (fresh && answer.messages.length === 0) enter(person, peer);
      after = answer.seq;
      fresh = false;
      if (answer.messages.length === 0 && performance.now() - started < QUIET_MS) await pause(QUIET_MS);
    } catch {
      if (signal.aborted) return;
      announce("connection", false);
      after = 0;
      fresh = true;
      await pause(RETRY_MS);
    }
  }
}

/** Opening an empty conversation is what WeCom reports as entering it; once a visit is enough. */
function enter(person, peer) {
  const enterable = peer === "app" || peer.startsWith("kf:");
  if (!enterable || entered.has(`${person} ${peer}`)) return;
  entered.add(`${person} ${peer}`);
  api.enter(person, peer).catch(() => {});
}

/** Does what `send` asks; on failure says why and answers false. */
export async function attempt(send) {
  try {
    await send();
    return true;
  } catch (error) {
    toast(error.message);
    return false;
  }
}

export const say = (text) => attempt(() => api.say(state.person, state.peer, text));

export const press = (messageId, key, selections = {}) =>
  attempt(() => api.press(state.person, messageId, key, selections));
