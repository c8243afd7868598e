/* The grid of half-days: what a cell sends, keys to move between cells, a refused tick taken back.
   Saving is htmx with app.js; without this file the whole grid is sent by its button. */
"use strict";

(() => {
  const CELLS = "[data-grid-cell], [data-grid-score]";
  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (elt.matches("[data-grid-cell]")) parameters.there = elt.checked ? "1" : "0";
    if (elt.matches("[data-grid-score]")) parameters.score = elt.value;
  });

  // Refused: what stands there is not kept, so it must not look kept.
  document.addEventListener("htmx:responseError", (event) => {
    const { elt, xhr } = event.detail;
    if (xhr.status !== 409) return;
    if (elt.matches("[data-grid-cell]")) elt.checked = !elt.checked;
    if (elt.matches("[data-grid-score]")) mark(elt, true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful } = event.detail;
    if (successful && elt.matches("[data-grid-score]")) mark(elt, false);
  });

  function mark(score, refused) {
    score.classList.toggle("is-invalid", refused);
    if (refused) score.setAttribute("aria-invalid", "true");
    else score.removeAttribute("aria-invalid");
  }

  const cellsOf = (row) => [...row.querySelectorAll(CELLS)];

  function move(cell, down, right) {
    const row = cell.closest("tr");
    const rows = [...row.parentElement.children];
    const place = cellsOf(row).indexOf(cell);
    const to = cellsOf(rows[rows.indexOf(row) + down] || row)[place + right];
    if (!to) return;
    to.focus();
    if (to.matches("[data-grid-score]")) to.select();
  }

  document.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!cell.matches?.(CELLS) || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      // "Ghi và xuống dòng": what the space bar has ticked already is not taken back on the way down.
      if (cell.matches("[data-grid-cell]") && !cell.checked) cell.click();
      move(cell, 1, 0);
    } else if (event.key in ARROWS) {
      const [down, right] = ARROWS[event.key];
      // In a score the arrows to the sides move in the text.
      if (right && cell.matches("[data-grid-score]")) return;
      event.preventDefault();
      move(cell, down, right);
    }
  });

  /* ---- enrolment: tick everybody shown ---- */

  document.querySelectorAll("[data-tick-all]").forEach((line) => {
    line.hidden = false;
    line.querySelector("button").addEventListener("click", () => {
      const boxes = [...line.closest("form").querySelectorAll("[name=persons]")];
      const all = boxes.every((box) => box.checked);
      boxes.forEach((box) => { box.checked = !all; });
    });
  });
})();
