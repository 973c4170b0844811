/** The attach menu: pictures, files, a place, a link. */

import { api } from "./api.js";
import { attempt } from "./conversation.js";
import { byId, el, icon, toast } from "./dom.js";
import { announce, on, state } from "./state.js";
import { ask } from "./viewer.js";

const MAX_BYTES = 20 * 1024 * 1024; // WeCom's limit for a file
const toggle = byId("attach");
const menu = byId("attach-menu");

const picker = (accept) => el("input", { type: "file", accept, hidden: true, tabindex: "-1", "aria-hidden": "true" });
const pictures = picker("image/png,image/jpeg");
const files = picker("");
const fileLabel = el("span", {}, "文件");

const CHOICES = [
  { name: "picture", label: "图片", choose: () => pictures.click() },
  { name: "file", label: fileLabel, choose: () => files.click() },
  { name: "place", label: "位置", choose: askPlace },
  { name: "link", label: "链接", choose: askLink },
];

export function startAttach() {
  menu.append(...CHOICES.map(({ name, label, choose }) => el("button", {
    type: "button", testid: `attach-${name}`, onclick: () => { show(false); choose(); },
  }, el("span", { class: "attach-icon" }, icon(name)), label)), pictures, files);
  pictures.dataset.testid = "attach-picture-input";
  files.dataset.testid = "attach-file-input";
  pictures.addEventListener("change", () => upload(pictures));
  files.addEventListener("change", () => upload(files));
  toggle.addEventListener("click", () => show(menu.hidden));
  document.addEventListener("click", (event) => { if (!menu.contains(event.target) && !toggle.contains(event.target)) show(false); });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    show(false);
    toggle.focus();
  });
  on("opened", () => { show(false); fitToPeer(); });
}

/** A member can send an app sound and film but no other file; a customer can send customer service any file. */
function fitToPeer() {
  const toApp = state.peer === "app";
  files.accept = toApp ? ".mp4,.amr" : "";
  fileLabel.textContent = toApp ? "音视频" : "文件";
}

function show(visible) {
  menu.hidden = !visible;
  toggle.setAttribute("aria-expanded", String(visible));
  if (visible) menu.querySelector("button").focus();
}

function kindOf(file) {
  if (/^image\/(png|jpeg)$/.test(file.type)) return "image";
  if (/\.amr$/i.test(file.name)) return "voice";
  return /\.mp4$/i.test(file.name) ? "video" : "file";
}

async function upload(input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  if (file.size > MAX_BYTES) {
    toast("文件超过 20 兆，发不出去。");
    return;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  announce("sent");
  await attempt(() => api.media(state.person, state.peer, kindOf(file), file.name, btoa(binary)));
}

function askPlace() {
  ask("发位置", [
    { name: "label", label: "地点", value: "虹桥佳苑3幢" },
    { name: "latitude", label: "纬度", value: "30.8302" },
    { name: "longitude", label: "经度", value: "120.9267" },
  ], "发送", async (values) => {
    const [latitude, longitude] = [Number(values.latitude), Number(values.longitude)];
    if (!values.label.trim()) return "地点叫什么，写几个字。";
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return "经纬度要写成小数，如 30.8302。";
    announce("sent");
    return attempt(() => api.place(state.person, state.peer, { latitude, longitude, label: values.label.trim() }));
  });
}

function askLink() {
  ask("发链接", [
    { name: "title", label: "标题" },
    { name: "description", label: "说明" },
    { name: "url", label: "网址", placeholder: "https://" },
  ], "发送", async (values) => {
    if (!values.title.trim()) return "给链接写个标题。";
    if (!/^https?:\/\/\S+$/.test(values.url.trim())) return "网址要以 http:// 或 https:// 开头。";
    announce("sent");
    return attempt(() => api.link(state.person, state.peer, values));
  });
}
