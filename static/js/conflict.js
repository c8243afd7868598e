/* Two people (or two tabs) saved the same text: what the server sends with a 409 (components/conflict.html).

   What only one side changed is taken over by itself: `defaultValue`, later the value last kept, is what both
   began with. What both changed is asked field by field; saving waits until it is answered. Nothing typed is
   touched before that. Without this file the button sends the form and the page of both versions comes. */
"use strict";

(() => {
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const plain = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").trim();
  const begun = new WeakMap();
  const fieldOf = (row) => row.closest("form").elements.namedItem(row.dataset.conflictField);
  const theirs = (row) => row.querySelector("[data-theirs]").textContent.replace(/\r\n?/g, "\n");

  // What was kept last is what both sides began with.
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, successful } = event.detail;
    if (successful && xhr.status < 400) xhr.sentTexts?.forEach(([field, value]) => begun.set(field, value));
  });

  function take(field, text) {
    field.value = text;
    begun.set(field, text);
  }

  // True when nobody has to be asked about the field.
  function mergesItself(row) {
    const field = fieldOf(row);
    const [mine, other, first] = [field.value, theirs(row), begun.get(field) ?? field.defaultValue].map(plain);
    if (mine === other || other === first) return true;
    if (mine !== first) return false;
    take(field, theirs(row));
    return true;
  }

  function open(box) {
    const rows = $$("[data-conflict-field]", box);
    rows.filter(mergesItself).forEach((row) => row.remove());
    const asked = $$("[data-conflict-field]", box);
    if (!asked.length) return goOn(box, "Đã gộp với phần người khác vừa lưu.");
    asked.forEach((row) => { row.querySelector("[data-mine]").textContent = fieldOf(row).value; });
    box.hidden = false;
    box.scrollIntoView({ block: "start", behavior: "instant" });
    box.focus({ preventScroll: true });
  }

  function goOn(box, words) {
    const form = box.closest("form");
    form.elements.namedItem("revision").value = box.dataset.revision;
    box.replaceChildren();
    box.hidden = true;
    delete box.dataset.conflict;
    box.removeAttribute("data-conflict");
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: words, kind: "info" } }));
    form.dispatchEvent(new Event("retry"));
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-conflict-done]")) return;
    const box = event.target.closest("[data-conflict]");
    $$("[data-conflict-field]", box).forEach((row) => {
      if (row.querySelector("[value=theirs]").checked) take(fieldOf(row), theirs(row));
    });
    goOn(box, "Đã chọn xong, đang lưu.");
  });
  // The choice belongs to the box, not to the form.
  document.addEventListener("htmx:configRequest", (event) => {
    const data = event.detail.formData;
    [...(data?.keys() ?? [])].filter((name) => name.startsWith("conflict-")).forEach((name) => data.delete(name));
  });
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const box = event.detail.target?.id && document.getElementById(event.detail.target.id);
    if (box?.matches("[data-conflict]")) open(box);
  });
})();
