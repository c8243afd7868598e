/* The member's sheet: keys and focus. Saving is htmx with app.js; the page works without this file. */
"use strict";

(() => {
  const $ = (selector) => document.querySelector(selector);
  const $$ = (selector) => [...document.querySelectorAll(selector)];

  /* ---- keys: digits choose, arrows move, n next unanswered, ? help ---- */

  const typing = (element) =>
    element.closest("textarea, select, [contenteditable], input:not([type=radio])") !== null;

  function choose(key) {
    const radio = $(`.options input[data-key="${key}"]:enabled`);
    if (!radio) return false;
    radio.focus();
    radio.click();
    return true;
  }

  function follow(link) {
    if (!link) return false;
    link.click();
    return true;
  }

  function nextUnanswered() {
    const lines = $$("[data-leaf]");
    const here = lines.findIndex((line) => line.hasAttribute("aria-current"));
    const order = [...lines.slice(here + 1), ...lines.slice(0, here)];
    return order.find((line) => line.dataset.leaf === "todo") || $(".finish-link");
  }

  function help() {
    const dialog = $("[data-keys]");
    if (!dialog) return false;
    dialog.showModal();
    return true;
  }

  function act(key) {
    if (/^[0-9]$/.test(key)) return choose(key);
    if (key === "ArrowLeft") return follow($('[data-step="previous"]'));
    if (key === "ArrowRight") return follow($('[data-step="next"]'));
    if (key === "n" || key === "N") return follow(nextUnanswered());
    return key === "?" && help();
  }

  /* ---- one thing after another: a move waits for the choice being saved, keys typed ahead for both ---- */

  const KEYS = /^([0-9nN?]|ArrowLeft|ArrowRight)$/;
  const onTheWay = new Set();
  const ahead = [];
  let waitingMove = null;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!$("[data-scoring]") || $("dialog[open]") || typing(event.target) || !KEYS.test(event.key)) return;
    // A digit is meant for the criterion that the arrow before it leads to, even when that is not here yet.
    const busy = onTheWay.size > 0;
    if (busy) ahead.push(event.key);
    if (busy || act(event.key)) event.preventDefault();
  });
  // The answer to a choice would find its criterion gone, and the new page would not count it yet.
  document.addEventListener("htmx:confirm", (event) => {
    if (!onTheWay.size || event.detail.verb !== "get" || !event.target.closest("#scoring")) return;
    event.preventDefault();
    waitingMove = event.detail.issueRequest;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, xhr } = event.detail;
    if (!elt.closest("#scoring")) return;
    onTheWay.add(xhr);
    // After htmx is through with the answer, and also when there is none.
    xhr.addEventListener("loadend", () => { onTheWay.delete(xhr); goOn(); });
  });

  function goOn() {
    if (onTheWay.size) return;
    const move = waitingMove;
    waitingMove = null;
    if (move) move(true);
    while (ahead.length && !onTheWay.size) act(ahead.shift());
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-button]")) help();
  });

  /* ---- moving between criteria: the list keeps its place, the new criterion is read from its title ---- */

  const NARROW = matchMedia("(max-width: 767.98px)");
  let listTop = 0;

  const isSheet = (event) => event.detail.target?.id === "scoring";

  function prepare() {
    $$("[data-keys-button]").forEach((button) => { button.hidden = false; });
    const list = $("[data-keep-scroll]");
    if (!list) return;
    if (NARROW.matches) $(".scoring-list-fold").open = false;
    list.scrollTop = listTop;
    if (!NARROW.matches) $('[data-leaf][aria-current]')?.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isSheet(event)) listTop = $("[data-keep-scroll]")?.scrollTop ?? 0;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!isSheet(event)) return;
    prepare();
    scrollTo(0, 0);
    $("#criterion-title")?.focus({ preventScroll: true });
  });
  prepare();
})();
