/** The simulator's /sim/* interface; a failure becomes a sentence its reader can act on. */

export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

const CHINESE = /[\u4e00-\u9fff]/;

async function explain(response) {
  const body = await response.json().catch(() => ({}));
  const said = [body.message, body.error, body.errmsg].find((text) => typeof text === "string" && CHINESE.test(text));
  return said ?? "模拟器没有办成这件事，右侧记录里有经过。";
}

async function request(method, path, { query, body, signal } = {}) {
  const search = query ? `?${new URLSearchParams(query)}` : "";
  const options = { method, signal, cache: "no-store" };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(`/sim/${path}${search}`, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError("连不上模拟器，它可能已经停了。", 0);
  }
  if (!response.ok) throw new ApiError(await explain(response), response.status);
  return response.json();
}

const get = (path, query, signal) => request("GET", path, { query, signal });
const post = (path, body) => request("POST", path, { body });

export const api = {
  people: () => get("people"),
  threads: (person) => get(`threads/${encodeURIComponent(person)}`),
  messages: (person, peer, after, wait, signal) => get("messages", { person, peer, after, wait }, signal),
  say: (person, peer, text) => post("say", { person, peer, text }),
  media: (person, peer, type, filename, base64) => post("media", { person, peer, type, filename, base64 }),
  place: (person, peer, place) => post("place", { person, peer, ...place }),
  link: (person, peer, link) => post("link", { person, peer, ...link }),
  press: (person, messageId, key, selections) => post("press", { person, message_id: messageId, key, selections }),
  menu: () => get("menu"),
  clickMenu: (person, key) => post("menu", { person, key }),
  enter: (person, peer) => post("enter", { person, peer }),
  clock: () => get("clock"),
  moveClock: (to) => post("clock", { to }),
  faults: () => get("faults"),
  addFault: (fault) => post("faults", fault),
  clearFaults: () => request("DELETE", "faults"),
  log: (after) => get("log", { after }),
  actions: () => get("actions"),
  act: (name, values) => post(`actions/${encodeURIComponent(name)}`, values),
};
