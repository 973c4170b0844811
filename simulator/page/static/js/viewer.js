/** What opens above the page: a picture at full size, and small forms. */

import { el, icon } from "./dom.js";

function dialog(label, className, ...children) {
  const box = el("dialog", { class: className, "aria-label": label }, ...children);
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
  document.body.append(box);
  box.showModal();
  return box;
}

const closer = () => el("button", {
  type: "button", class: "icon-button dialog-close", "aria-label": "关闭", onclick: (event) => event.currentTarget.closest("dialog").close(),
}, icon("close"));

/** Shows a picture as large as the window. */
export function enlarge(source, label) {
  dialog(label || "图片", "picture-dialog", closer(), el("img", { src: source, alt: label || "图片", onclick: (event) => event.currentTarget.closest("dialog").close() }));
}

/** One labelled box of a form. */
export function field({ name, label, value = "", placeholder = "", required = false }) {
  return el("label", { class: "field" }, el("span", {}, label),
    el("input", { name, value, placeholder, autocomplete: "off", "aria-required": required ? "true" : null }));
}

export const valuesOf = (form) => Object.fromEntries(new FormData(form).entries());

/** Asks for a few texts; `submit(values)` answers true when done, or a sentence saying what is missing. */
export function ask(title, fields, submitLabel, submit) {
  const fault = el("p", { class: "form-fault", role: "alert", hidden: true });
  const form = el("form", { class: "form", novalidate: true },
    el("h2", {}, title), fields.map(field), fault,
    el("div", { class: "form-buttons" },
      el("button", { type: "button", class: "plain", onclick: () => box.close() }, "取消"),
      el("button", { type: "submit", class: "primary" }, submitLabel)));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const outcome = await submit(valuesOf(form));
    if (outcome === true) box.close();
    fault.hidden = typeof outcome !== "string";
    fault.textContent = typeof outcome === "string" ? outcome : "";
  });
  const box = dialog(title, "form-dialog", form);
}
