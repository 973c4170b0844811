/** The log of callbacks and interface calls, newest first, with how long each took. */

import { api } from "./api.js";
import { el } from "./dom.js";
import { secondLabel } from "./time.js";

const KEPT = 200;

const NAMES = {
  "gettoken": "取令牌", "message/send": "发应用消息", "message/update_template_card": "更新卡片", "message/recall": "撤回消息",
  "media/upload": "上传素材", "media/get": "下载素材", "media/uploadimg": "上传图片", "menu/create": "建菜单", "menu/get": "读菜单", "menu/delete": "删菜单",
  "appchat/create": "建群聊", "appchat/update": "改群聊", "appchat/get": "读群聊", "appchat/send": "发群聊消息", "webhook/send": "群机器人消息",
  "kf/sync_msg": "拉取客服消息", "kf/send_msg": "发客服消息", "kf/send_msg_on_event": "发客服欢迎语", "kf/account/list": "读客服账号",
  "kf/service_state/get": "读会话状态", "kf/service_state/trans": "转会话状态", "kf/customer/batchget": "读客户资料", "kf/add_contact_way": "取客服链接",
  "user/get": "读成员", "user/list": "读部门成员", "user/simplelist": "读部门成员", "department/list": "读部门", "department/simplelist": "读部门",
  "auth/getuserinfo": "登录身份", "user/getuserinfo": "登录身份", "agent/get": "读应用", "getcallbackip": "读回调地址段", "get_api_domain_ip": "读接口地址段",
  "externalcontact/groupchat/get": "读客户群", "externalcontact/groupchat/list": "读客户群列表", "externalcontact/add_msg_template": "建群发任务",
  "externalcontact/groupchat/add_join_way": "建群码", "externalcontact/groupchat/get_join_way": "读群码", "externalcontact/get": "读客户",
  "externalcontact/get_groupmsg_task": "读群发任务", "externalcontact/get_groupmsg_send_result": "读群发结果",
  "text": "文字", "image": "图片", "voice": "语音", "video": "视频", "file": "文件", "location": "位置", "link": "链接", "event": "事件",
  "enter_agent": "进入应用", "click": "点菜单", "view": "开菜单链接", "template_card_event": "点卡片", "template_card_menu_event": "卡片菜单",
  "kf_msg_or_event": "客服有新消息", "change_external_contact": "客户变更", "change_external_chat": "客户群变更", "subscribe": "关注应用", "location_event": "上报位置",
};

function nameOf(what) {
  const plain = what.replace(/^\/?cgi-bin\//, "").replace(/\?.*$/, "");
  return NAMES[plain] ?? NAMES[plain.replace(/^event[.:/ ]/, "")] ?? NAMES[plain.split(/[ .:]/).pop()] ?? plain;
}

/** 0, 2xx or the like is fine; anything else is shown as failed. */
const fine = (status) => ["0", "ok", "file", "200", ""].includes(String(status ?? "").toLowerCase()) || /^2\d\d$/.test(String(status));

function line(entry) {
  const callback = entry.kind === "callback";
  const good = fine(entry.status);
  return el("li", { class: good ? "" : "failed", title: `${entry.what} ${entry.status}` },
    el("time", {}, secondLabel(new Date(entry.at))),
    el("span", { class: `log-kind ${callback ? "callback" : "call"}` }, callback ? "回调" : "接口"),
    el("span", { class: "log-what" }, nameOf(String(entry.what))),
    good ? null : el("span", { class: "log-status" }, /^-?\d+$/.test(String(entry.status)) ? String(entry.status) : "失败"),
    el("span", { class: "log-ms" }, `${Math.round(entry.ms)} 毫秒`));
}

export function logPanel() {
  const list = el("ol", { class: "log", "aria-label": "回调与接口记录", testid: "log" });
  const empty = el("p", { class: "tool-hint" }, "还没有来往。");
  let after = 0;

  async function load() {
    const answer = await api.log(after).catch(() => null);
    if (!answer) return;
    const entries = Array.isArray(answer) ? answer : answer.entries ?? answer.log ?? [];
    if (!entries.length) return;
    after = Math.max(after, ...entries.map((entry) => entry.seq));
    empty.hidden = true;
    for (const entry of entries.slice(-KEPT)) list.prepend(line(entry));
    while (list.childElementCount > KEPT) list.lastElementChild.remove();
  }

  const panel = el("section", { class: "tool log-tool", "aria-label": "来往记录" }, el("h3", {}, "来往记录"), empty, list);
  return { panel, load };
}
