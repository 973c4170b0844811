/** What the page knows, and who wants to hear when it changes. */

export const state = {
  app: { name: "邻格" },
  people: [],
  kfAccounts: [],
  consoleUrl: null,
  person: null,
  peer: null,
  threads: [],
  clock: null,
  clockMovable: false,
};

const listeners = new Map();

/** Calls `listener` whenever `topic` is announced. */
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, []);
  listeners.get(topic).push(listener);
}

export function announce(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

/** Remembers a small choice between visits; private windows may refuse, then it is simply forgotten. */
export function remember(name, value) {
  try {
    localStorage.setItem(`linge.${name}`, value);
  } catch {
    return;
  }
}

export function recall(name) {
  try {
    return localStorage.getItem(`linge.${name}`);
  } catch {
    return null;
  }
}

const LEADING = /负责人|管理|督察|薪酬|审计|安全|领导|所长|局长|队长|主任|书记|指导员|教导员|中层/;

/** A rank-and-file officer to begin with: somebody who reports every week and leads nobody. */
export function sensibleFirst(people) {
  const members = people.filter((person) => person.kind === "member");
  const ordinary = members.filter((person) => !LEADING.test(person.position ?? ""));
  const atStation = ordinary.find((person) => /所/.test(person.unit ?? ""));
  return atStation ?? ordinary[0] ?? members[0] ?? people[0] ?? null;
}
