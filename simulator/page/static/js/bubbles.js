/** One message's content by its type; what a phone shows between the avatar and the edge. */

import { templateCard } from "./cards.js";
import { press } from "./conversation.js";
import { el, icon, outLink, safeUrl } from "./dom.js";
import { markdown } from "./markdown.js";
import { describe, rich } from "./richtext.js";
import { enlarge } from "./viewer.js";

const text = (message) => el("div", { class: "bubble" }, rich(message.text ?? ""));

function picture(source, label, className) {
  const href = safeUrl(source);
  const broken = el("span", { class: "picture-missing" }, icon("picture"), label || "图片");
  if (!href) return broken;
  const image = el("img", { src: href, alt: label || "图片", loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(broken));
  return el("button", { type: "button", class: className, "aria-label": `放大${label || "图片"}`, onclick: () => enlarge(href, label) }, image);
}

const image = (message) => picture(message.media_url, message.title || message.text, "bubble-picture");

function voice(message) {
  return el("div", { class: "bubble" }, outLink(message.media_url, { class: "voice-line" }, icon("voice"), message.title || "语音"));
}

function video(message) {
  const href = safeUrl(message.media_url);
  if (!href) return text({ text: message.title || "视频" });
  return el("video", { class: "bubble-video", src: href, controls: true, preload: "metadata", "aria-label": message.title || "视频" });
}

function file(message) {
  const name = message.title || message.text || "文件";
  const ending = name.includes(".") ? name.split(".").pop().slice(0, 4) : "";
  return outLink(message.media_url, { class: "panel file-panel", download: name },
    el("span", { class: "panel-words" }, el("strong", {}, name), el("small", {}, message.description || "点开保存")),
    el("span", { class: `file-mark file-${ending.toLowerCase()}`, "aria-hidden": "true" }, ending || icon("file")));
}

function place(message) {
  const [name, address] = [message.title || message.text || "位置", message.description];
  const where = (message.latitude ?? null) === null ? null : `${message.latitude}，${message.longitude}`;
  return el("div", { class: "panel place-panel" },
    el("span", { class: "panel-words" }, el("strong", {}, name), el("small", {}, address || where || "")),
    el("span", { class: "map", "aria-hidden": "true" }, icon("place")));
}

function link(message) {
  return outLink(message.url, { class: "panel link-panel" },
    el("strong", {}, message.title || message.url),
    el("span", { class: "link-foot" }, el("small", {}, message.description || message.url || ""), el("span", { class: "link-mark" }, icon("link"))));
}

function textcard(message) {
  return outLink(message.url, { class: "card textcard" },
    el("span", { class: "card-title" }, message.title ?? ""),
    el("div", { class: "textcard-text" }, describe(message.description ?? message.text ?? "")),
    el("span", { class: "card-foot" }, message.btntxt || "详情", icon("chevron")));
}

function news(message) {
  const [first, ...others] = message.articles?.length ? message.articles : [{ ...message, picurl: message.media_url }];
  const cover = safeUrl(first.picurl);
  return el("div", { class: "card news" },
    outLink(first.url, { class: "news-first" },
      cover ? el("img", { src: cover, alt: "", class: "news-cover" }) : null,
      el("strong", {}, first.title ?? ""),
      first.description ? el("small", {}, first.description) : null),
    others.map((article) => outLink(article.url, { class: "news-other" }, el("span", {}, article.title ?? ""),
      safeUrl(article.picurl) ? el("img", { src: safeUrl(article.picurl), alt: "" }) : null)));
}

function menuEntry(message, entry, done) {
  const chosen = message.pressed_key;
  if (entry.type === "text") return el("span", { class: "menu-text" }, entry.text?.content ?? "");
  const body = entry[entry.type] ?? {};
  if (entry.type === "view") return outLink(body.url, { class: "menu-entry" }, body.content ?? "", icon("open"));
  if (entry.type !== "click") return el("span", { class: "menu-text" }, body.content ?? "");
  return el("button", {
    type: "button", class: `menu-entry${chosen === body.id ? " chosen" : ""}`, testid: `card-button-${body.id}`, disabled: done,
    onclick: (event) => pressOnce(event.currentTarget, message.id, body.id),
  }, body.content ?? "", chosen === body.id ? icon("check") : null);
}

async function pressOnce(button, messageId, key) {
  button.disabled = true;
  await press(messageId, key);
  button.disabled = false;
}

function msgmenu(message) {
  const menu = message.menu ?? {};
  return el("div", { class: "bubble msgmenu" },
    menu.head_content ? el("div", { class: "menu-head" }, rich(menu.head_content)) : null,
    el("div", { class: "menu-entries" }, (menu.list ?? []).map((entry) => menuEntry(message, entry, Boolean(message.replaced)))),
    menu.tail_content ? el("div", { class: "menu-tail" }, rich(menu.tail_content)) : null);
}

function miniprogram(message) {
  const notice = message.card ?? message;
  return el("div", { class: "card" },
    el("span", { class: "card-title" }, notice.title ?? ""),
    notice.description ? el("p", { class: "card-desc" }, notice.description) : null,
    el("dl", { class: "pairs" }, (notice.content_item ?? []).map((item) => [el("dt", {}, item.key), el("dd", {}, item.value)])));
}

const KINDS = {
  text, image, voice, video, file, location: place, link, textcard, news, msgmenu,
  markdown: (message) => el("div", { class: "bubble markdown" }, markdown(message.text ?? "")),
  template_card: templateCard,
  miniprogram_notice: miniprogram,
};
KINDS.markdown_v2 = KINDS.markdown;
KINDS.mpnews = news;

/** The element that shows `message`; a type this page does not know shows its text. */
export const bubble = (message) => (KINDS[message.type] ?? text)(message);
