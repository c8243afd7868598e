/* Choices saved one by one, wherever a page marks its groups of options so. The chip "Đã lưu", the
   retries and the messages are app.js's ([data-autosave]); this file says what is sent and when. Markup:

     <fieldset data-choice data-autosave data-criterion="12" hx-post="…" hx-trigger="save, retry"
               hx-target="#panel" hx-sync="#panel:queue all">
       <input type="radio" name="any" value="34" data-option>   one a level; value "" is "none of them"
       <textarea data-note></textarea>                          optional
     </fieldset>

   Each change sends exactly criterion, option and note, whatever form the group stands in. hx-sync on one element
   keeps the order of saving, so the panel always shows the latest. The choice itself is never redrawn: it stays
   as the person left it, and data-choice-state says "saving", "saved", "failed" or "refused".
   Also: [data-next-open] goes to the next open group; <details data-keep-open="name"> stays as it was when its
   part of the page is drawn anew. Without this file everything is saved by the button of the form. */
"use strict";

(() => {
  const GROUP = "[data-choice]";
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const chosenIn = (group) => group.querySelector("[data-option]:checked");

  /* ---- saving ---- */

  const noteTimers = new Map();
  const NOTE_PAUSE_MS = 1000;

  function save(group) {
    clearTimeout(noteTimers.get(group));
    noteTimers.delete(group);
    // A note alone is not an answer; it goes with the choice.
    if (!chosenIn(group)) return;
    // Too long: app.js says by how much; nothing is sent that would be refused or cut.
    const note = group.querySelector("[data-note]");
    if (note?.dataset.limit && note.value.length > Number(note.dataset.limit)) {
      group.dataset.choiceState = "refused";
      return;
    }
    delete group.dataset.refused;
    group.dispatchEvent(new Event("save"));
  }

  document.addEventListener("change", (event) => {
    const group = event.target.closest(GROUP);
    if (!group) return;
    // Leaving a note saves it at once, unless its pause is over and it is saved already.
    if (event.target.matches("[data-option]") || noteTimers.has(group)) save(group);
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches(`${GROUP} [data-note]`)) return;
    const group = event.target.closest(GROUP);
    clearTimeout(noteTimers.get(group));
    noteTimers.set(group, setTimeout(() => save(group), NOTE_PAUSE_MS));
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const group = event.detail.elt.closest(GROUP);
    if (!group) return;
    const data = event.detail.formData;
    [...data.keys()].forEach((name) => data.delete(name));
    data.set("criterion", group.dataset.criterion);
    data.set("option", chosenIn(group)?.value ?? "");
    const note = group.querySelector("[data-note]");
    if (note) data.set("note", note.value);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const group = event.detail.elt.closest(GROUP);
    if (group) group.dataset.choiceState = "saving";
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const group = event.detail.elt.closest(GROUP);
    if (!group) return;
    const status = event.detail.xhr.status;
    const refused = status >= 400 && status < 500 && status !== 429;
    group.dataset.choiceState = event.detail.successful ? "saved" : refused ? "refused" : "failed";
    if (refused) group.dataset.refused = status;
  });
  // The server said no: sending the same again would only say no again.
  document.addEventListener("retry", (event) => {
    if (event.target.matches?.(`${GROUP}[data-refused]`)) event.stopImmediatePropagation();
  }, true);

  /* ---- cases of a criterion (set 26): the case chosen first is proposed on the others ---- */

  document.addEventListener("change", (event) => {
    const pick = event.target.closest("[data-case]");
    if (!pick) return;
    $$(`${GROUP}`).filter((group) => !group.querySelector("[data-case]:checked")).forEach((group) => {
      const same = group.querySelector(`[data-case="${pick.dataset.case}"]`);
      if (same) same.checked = true;
    });
  });

  /* ---- the next open criterion after the place where the person is ---- */

  const isOpen = (group) => !chosenIn(group) && !group.querySelector(".leaf-applies.is-off");

  function nextOpen() {
    const groups = $$(GROUP).filter(isOpen);
    const here = document.activeElement?.closest?.(GROUP);
    const isAfter = (group) => (here
      ? here.compareDocumentPosition(group) & Node.DOCUMENT_POSITION_FOLLOWING
      : group.getBoundingClientRect().top > 140);
    return groups.find(isAfter) || groups[0];
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-next-open]")) return;
    const group = nextOpen();
    if (!group) return;
    event.preventDefault();
    group.scrollIntoView({ block: "start", behavior: "instant" });
    const first = $$("input[type=radio]", group).find((input) => input.offsetParent !== null);
    first?.focus({ preventScroll: true });
  });

  /* ---- opened details stay open when the panel is drawn anew ---- */

  const opened = new Map();

  document.addEventListener("toggle", (event) => {
    const name = event.target.dataset?.keepOpen;
    if (name) opened.set(name, event.target.open);
  }, true);
  document.addEventListener("htmx:afterSwap", (event) => {
    $$("[data-keep-open]", event.detail.target).forEach((details) => {
      const before = opened.get(details.dataset.keepOpen);
      if (before !== undefined) details.open = before;
    });
  });
})();
