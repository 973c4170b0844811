/** The five kinds of template card: what is on them, and what pressing them sends. */

import { press } from "./conversation.js";
import { el, icon, outLink, safeUrl } from "./dom.js";
import { state } from "./state.js";

const pressed = (message, key) => message.pressed_key === key;

async function send(message, button, key, selections = {}) {
  const card = button.closest(".card");
  card.classList.add("sending");
  button.disabled = true;
  await press(message.id, key, selections);
  button.disabled = false;
  card.classList.remove("sending");
}

function actionMenu(message, menu) {
  if (!menu?.action_list?.length) return null;
  const close = (event) => event.currentTarget.closest("details").removeAttribute("open");
  return el("details", { class: "action-menu" },
    el("summary", { "aria-label": menu.desc || "更多" }, icon("more")),
    el("div", { class: "action-list" },
      menu.desc ? el("p", {}, menu.desc) : null,
      menu.action_list.map((action) => el("button", {
        type: "button", testid: `card-button-${action.key}`,
        onclick: (event) => { close(event); send(message, event.currentTarget, action.key); },
      }, action.text))));
}

function head(message, card, done) {
  const source = card.source ?? {};
  const hasHead = source.desc || card.action_menu;
  if (!hasHead) return null;
  const mark = safeUrl(source.icon_url);
  return el("div", { class: "card-source" },
    mark ? el("img", { src: mark, alt: "" }) : null,
    el("span", { class: `source-${source.desc_color ?? 0}` }, source.desc ?? ""),
    done ? null : actionMenu(message, card.action_menu));
}

function mainTitle(card) {
  const { title, desc } = card.main_title ?? {};
  const action = card.card_action ?? {};
  const heading = title && action.type === 1 ? outLink(action.url, { class: "card-title whole-card" }, title) : title && el("span", { class: "card-title" }, title);
  return [heading || null, desc ? el("p", { class: "card-desc" }, desc) : null];
}

function emphasis(content) {
  if (!content?.title && !content?.desc) return null;
  return el("div", { class: "emphasis" }, el("strong", {}, content.title ?? ""), el("small", {}, content.desc ?? ""));
}

function quote(area) {
  if (!area?.title && !area?.quote_text) return null;
  const words = [area.title ? el("strong", {}, area.title) : null, area.quote_text ? el("span", {}, area.quote_text) : null];
  return area.type === 1 ? outLink(area.url, { class: "quote" }, words) : el("div", { class: "quote" }, words);
}

function pairValue(item) {
  if (item.type === 1) return outLink(item.url, {}, item.value || "查看");
  if (item.type === 3) {
    const person = state.people.find((candidate) => candidate.id.toLowerCase() === String(item.userid).toLowerCase());
    return el("span", { class: "mention" }, item.value || person?.name || "");
  }
  return item.value ?? "";
}

function pairs(items) {
  if (!items?.length) return null;
  return el("dl", { class: "pairs" }, items.map((item) => [el("dt", {}, item.keyname ?? ""), el("dd", {}, pairValue(item))]));
}

function jumps(card) {
  const links = (card.jump_list ?? []).map((jump) => outLink(jump.url, { class: "card-foot" }, jump.title ?? "", icon("chevron")));
  const action = card.card_action ?? {};
  const untitled = action.type === 1 && !card.main_title?.title;
  return untitled && !links.length ? [outLink(action.url, { class: "card-foot whole-card" }, "查看详情", icon("chevron"))] : links;
}

function picture(card) {
  const cover = safeUrl(card.card_image?.url);
  const side = card.image_text_area;
  return [
    cover ? el("img", { class: "card-image", src: cover, alt: "" }) : null,
    side ? outLink(side.type === 1 ? side.url : null, { class: "image-text" },
      safeUrl(side.image_url) ? el("img", { src: safeUrl(side.image_url), alt: "" }) : null,
      el("span", {}, el("strong", {}, side.title ?? ""), el("small", {}, side.desc ?? ""))) : null,
  ];
}

function verticals(items) {
  return (items ?? []).map((item) => el("div", { class: "vertical" }, el("strong", {}, item.title ?? ""), item.desc ? el("p", {}, item.desc) : null));
}

function chooser(selection, done) {
  if (!selection) return null;
  const options = (selection.option_list ?? []).map((option) =>
    el("option", { value: option.id, selected: option.id === selection.selected_id }, option.text));
  return el("label", { class: "chooser" },
    el("span", {}, selection.title ?? "请选择"),
    el("select", { "data-question": selection.question_key, disabled: done || selection.disable, testid: `card-select-${selection.question_key}` }, options));
}

function votes(message, checkbox, done) {
  if (!checkbox) return null;
  const kind = checkbox.mode === 1 ? "checkbox" : "radio";
  return el("fieldset", { class: "votes", "data-question": checkbox.question_key, disabled: done || checkbox.disable },
    (checkbox.option_list ?? []).map((option) => el("label", {},
      el("input", { type: kind, name: `vote-${message.id}`, value: option.id, checked: option.is_checked, testid: `card-option-${option.id}` }),
      el("span", {}, option.text))));
}

/** What is chosen on the card now: question_key → option ids. */
function selectionsOf(card) {
  const chosen = {};
  for (const select of card.querySelectorAll("select[data-question]")) chosen[select.dataset.question] = select.value ? [select.value] : [];
  for (const set of card.querySelectorAll("fieldset[data-question]")) {
    chosen[set.dataset.question] = [...set.querySelectorAll("input:checked")].map((input) => input.value);
  }
  return chosen;
}

/** Keeps what the reader chose on `old` when the same card is drawn again as `fresh`. */
export function carryChoices(old, fresh) {
  for (const select of old.querySelectorAll("select[data-question]")) {
    const same = fresh.querySelector(`select[data-question="${CSS.escape(select.dataset.question)}"]`);
    if (same) same.value = select.value;
  }
  for (const input of old.querySelectorAll(".votes input")) {
    const same = fresh.querySelector(`.votes input[value="${CSS.escape(input.value)}"]`);
    if (same) same.checked = input.checked;
  }
}

function button(message, spec) {
  const style = `card-button style-${spec.style ?? 1}`;
  if (spec.type === 1) return outLink(spec.url, { class: style }, spec.text);
  return el("button", {
    type: "button", class: style, testid: `card-button-${spec.key}`,
    onclick: (event) => send(message, event.currentTarget, spec.key, selectionsOf(event.currentTarget.closest(".card"))),
  }, pressed(message, spec.key) ? icon("check") : null, spec.text);
}

function buttons(message, card, replaced) {
  const specs = [...(card.button_list ?? []), ...(card.submit_button ? [{ style: 1, ...card.submit_button }] : [])];
  if (replaced) return el("p", { class: "replaced", testid: "card-replaced" }, icon("check"), replaced);
  if (!specs.length) return null;
  return el("div", { class: `buttons count-${Math.min(specs.length, 3)}` }, specs.map((spec) => button(message, spec)));
}

/** The card of `message`; a `replaced` card is grey and can no longer be pressed. */
export function templateCard(message) {
  const card = message.card ?? {};
  const replaced = message.replaced ?? card.replace_text ?? null;
  const done = Boolean(replaced);
  return el("div", { class: `card template ${card.card_type ?? ""}${done ? " done" : ""}` },
    head(message, card, done),
    mainTitle(card),
    picture(card),
    emphasis(card.emphasis_content),
    card.sub_title_text ? el("p", { class: "card-text" }, card.sub_title_text) : null,
    quote(card.quote_area),
    verticals(card.vertical_content_list),
    pairs(card.horizontal_content_list),
    chooser(card.button_selection, done),
    (card.select_list ?? []).map((selection) => chooser(selection, done)),
    votes(message, card.checkbox, done),
    buttons(message, card, replaced),
    jumps(card));
}
