// A table wider than its frame says so: words above it, and its edge fades while columns are left there.
(() => {
  "use strict";
  const WORDS = "Kéo ngang để xem các cột còn lại";
  const SLACK = 8;

  function look(area) {
    const scrolls = getComputedStyle(area).overflowX !== "visible";
    const beyond = scrolls ? area.scrollWidth - area.clientWidth : 0;
    area.classList.toggle("has-more", beyond - area.scrollLeft > SLACK);
    let hint = area.querySelector(":scope > .wide-hint");
    if (!hint && beyond > SLACK) {
      hint = document.createElement("p");
      hint.className = "wide-hint";
      hint.setAttribute("aria-hidden", "true");
      hint.textContent = WORDS;
      area.prepend(hint);
    }
    if (hint) hint.hidden = beyond <= SLACK;
  }

  // A frame inside a closed <details> has no size yet: it is looked at when it gets one.
  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => look(entry.target)));

  function watch(root) {
    root.querySelectorAll(".table-area").forEach((area) => {
      look(area);
      sizes.observe(area);
    });
  }

  document.addEventListener("scroll", (event) => {
    if (event.target instanceof Element && event.target.matches(".table-area")) look(event.target);
  }, { capture: true, passive: true });
  document.addEventListener("htmx:load", (event) => {
    const { elt } = event.detail;
    const around = elt.closest?.(".table-area");
    if (around) look(around);
    watch(elt.parentElement || document);
  });
  watch(document);
})();
