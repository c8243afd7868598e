/* Beside the opinion and the submission: what the sheet still has to send goes first, and the text typed stays on
   the device until the server has it. Saving the text is htmx with app.js and conflict.js. */
"use strict";

(() => {
  const root = document.querySelector("[data-sheet-submit]");
  const list = document.querySelector("[data-sheet-queues]");
  const user = (root ?? list)?.dataset.user;

  function sayLeft(left) {
    left.forEach((count, sheet) => {
      const place = document.querySelector(`[data-unsent-of="${sheet}"]`);
      if (place) place.textContent = `${count} lựa chọn chưa gửi, mở phiếu để gửi`;
    });
  }
  // A submission leads here: its text is kept until the sheet is said to be in.
  function forgetSubmitted() {
    document.querySelectorAll("[data-unsent-of][data-locked]").forEach((line) => {
      try { localStorage.removeItem(`ocop.opinion.${user}.${line.dataset.unsentOf}`); } catch { /* nothing was kept */ }
    });
  }
  if (list) {
    forgetSubmitted();
    window.flushSheetQueues(user, sayLeft);
  }
  if (!root) return;
  const { sheet, url } = root.dataset;
  const form = root.querySelector("form[data-autosave]");
  const box = root.querySelector("[data-unsent]");

  /* ---- choices first ---- */

  const had = { choices: false };
  const say = (words) => {
    root.querySelector("[data-unsent-words]").textContent = words;
    box.hidden = false;
  };
  const queue = window.openSheetQueue({
    user,
    sheet,
    url,
    on: {
      changed: () => {
        const count = queue?.size() ?? 0;
        if (count) say(`Còn ${count} lựa chọn của phiếu chưa gửi được; nộp phiếu sau khi đã gửi đủ.`);
        else if (had.choices && form?.elements.opinion.value === form?.elements.opinion.defaultValue) location.reload();
        else if (!had.refused) box.hidden = true;
      },
      conflict: () => say("Một lựa chọn của phiếu có hai mức khác nhau; về phiếu để chọn mức giữ lại."),
      refused: (entry, words) => {
        had.refused = true;
        say(`Tiêu chí ${entry.code} không được lưu: ${words}`);
      },
      hold: (words) => say(words),
      ended: () => window.ocop.signInAgain(),
    },
  });
  had.choices = queue.size() > 0;
  queue.resume();
  window.addEventListener("submit", (event) => {
    if (event.target !== form || !queue.size()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    queue.resume();
    window.ocop.toast("Còn lựa chọn chưa gửi được; nộp phiếu sau khi đã gửi đủ.", "warning");
  }, true);

  /* ---- the opinion typed without a network survives the page ---- */

  const name = `ocop.opinion.${user}.${sheet}`;
  const store = {
    get: () => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
    set: (value) => { try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* the page still has it */ } },
    clear: () => { try { localStorage.removeItem(name); } catch { /* nothing was kept */ } },
  };
  // Submitted, and the answer was lost on the way; a pause keeps the text.
  if ("locked" in root.dataset) store.clear();
  if (!form) return;
  const field = form.elements.opinion;
  let base = field.defaultValue;

  field.addEventListener("input", () => {
    store.set({ text: field.value, revision: form.elements.revision.value, base });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form || !event.detail.successful || event.detail.xhr.status >= 400) return;
    const sent = event.detail.xhr.sentTexts?.find(([text]) => text === field)?.[1];
    // The answer of somebody who has to sign in first says nothing of the text.
    if (!event.detail.xhr.responseText.includes("opinion-revision")) return;
    base = sent;
    if (sent === field.value) store.clear();
  });

  const left = store.get();
  if (left && left.text !== field.value) {
    form.elements.revision.value = left.revision;
    field.defaultValue = left.base;
    field.value = left.text;
    base = left.base;
    window.ocop.toast("Đã mở lại ý kiến gõ dở trên máy này.", "info");
    // htmx listens from then on: the text is sent by itself.
    document.addEventListener("DOMContentLoaded", () => field.dispatchEvent(new Event("input", { bubbles: true })));
  } else if (left) store.clear();
})();
