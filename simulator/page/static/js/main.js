/** Starts the page: who is there, whose phone is shown, and what is asked again from time to time. */

import { api } from "./api.js";
import { startAttach } from "./attach.js";
import { loadClock } from "./clock.js";
import { startComposer } from "./composer.js";
import { open } from "./conversation.js";
import { byId, el, icon } from "./dom.js";
import { loadMenu, startMenu } from "./menu.js";
import { startMessages } from "./messages.js";
import { revealCurrent, startPeople } from "./people.js";
import { announce, on, recall, sensibleFirst, state } from "./state.js";
import { startThreads, threadsOf, titleOf } from "./threads.js";
import { show as showTools, startTools } from "./tools.js";

const REFRESH_MS = 2500;
const layout = byId("layout");
const narrow = matchMedia("(max-width: 819px)");

async function loadPeople() {
  const answer = await api.people();
  state.people = answer.people;
  state.app = answer.app ?? state.app;
  state.kfAccounts = answer.kf_accounts ?? [];
  state.consoleUrl = answer.console_url ?? state.consoleUrl;
  announce("people");
}

async function loadThreads() {
  if (!state.person) return;
  const asked = state.person;
  const threads = await threadsOf(asked);
  if (asked !== state.person) return;
  state.threads = threads;
  announce("threads");
}

/** Where a person's phone opens: as asked, else an officer's at the app, a customer's at what is unread or meant for them. */
function firstThread(person, threads, wanted) {
  const named = (peer) => threads.find((thread) => thread.peer === peer);
  return named(wanted) ?? named("app") ?? threads.find((thread) => thread.unread)
    ?? named(`kf:${person.open_kfid}`) ?? threads[0];
}

async function choose(person, wanted) {
  showPeople(false);
  state.threads = await threadsOf(person.id);
  const thread = firstThread(person, state.threads, wanted);
  open(person.id, thread?.peer ?? "app");
}

async function chooseFirst() {
  const [, named, peer] = location.hash.split("/").map(decodeURIComponent);
  const find = (id) => state.people.find((person) => person.id === id);
  const first = find(named) ?? find(recall("person")) ?? sensibleFirst(state.people);
  if (!first) return;
  await choose(first, peer);
  revealCurrent();
}

function showPeople(visible) {
  layout.classList.toggle("with-people", visible && narrow.matches);
  byId("people").inert = narrow.matches && !visible;
  byId("shade").hidden = !(visible && narrow.matches);
  if (visible && narrow.matches) byId("search").focus();
}

function startDrawers() {
  byId("open-people").addEventListener("click", () => showPeople(true));
  byId("close-people").addEventListener("click", () => showPeople(false));
  byId("shade").addEventListener("click", () => { showPeople(false); showTools(false); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]") || byId("shade").hidden) return;
    showPeople(false);
    showTools(false);
  });
  narrow.addEventListener("change", () => showPeople(false));
  showPeople(false);
}

function drawTitle() {
  if (!document.body.classList.contains("offline")) byId("title").textContent = titleOf(state.peer);
}

function drawCaption() {
  const person = state.people.find((candidate) => candidate.id === state.person);
  const place = [person?.unit, person?.position].filter(Boolean).join(" · ");
  byId("caption").replaceChildren(icon("people"), el("span", {}, "正在用 ", el("strong", {}, person?.name ?? ""), " 的手机", place ? el("small", {}, place) : ""));
  byId("subtitle").textContent = person ? `${person.name} 的手机` : "";
}

function drawConnection(connected) {
  if (document.body.classList.contains("offline") === !connected) return;
  document.body.classList.toggle("offline", !connected);
  if (connected) drawTitle();
  else byId("title").textContent = "连接断开，正在重连";
}

/** Asks again and again; a refusal is shown by the conversation, here it only means to try later. */
async function refresh() {
  if (!document.hidden) {
    try {
      await loadPeople();
      if (state.person) await loadThreads();
      else await chooseFirst();
      if (state.peer === "app") await loadMenu();
      await loadClock();
    } catch {
      drawConnection(false);
    }
  }
  setTimeout(refresh, REFRESH_MS);
}

startMessages();
startPeople(choose);
startThreads();
startComposer();
startAttach();
startMenu();
startTools();
startDrawers();
on("opened", drawTitle);
on("opened", drawCaption);
on("threads", drawTitle);
on("connection", drawConnection);
on("messages", ({ fresh }) => { if (!fresh) loadThreads().catch(() => {}); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) loadClock(); });
refresh();
