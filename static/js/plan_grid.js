/* The allocation grid: sums that follow the typing, a block of cells pasted from Excel, arrows between rows. */
"use strict";

(() => {
  const form = document.querySelector("[data-grid]");
  if (!form) return;

  const rows = [...form.querySelectorAll("[data-grid-row]")];
  const fields = (row) => [...row.querySelectorAll("input[name^='o-']")];

  // "1.234,5" as a number; null for what is none.
  function number(text) {
    const bare = text.replace(/\s/g, "").replace(/[−–—]/g, "-");
    if (!/^(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/.test(bare)) return null;
    return Number(bare.replace(/\./g, "").replace(",", "."));
  }

  // Low and high of a cell: "2-3" is a range.
  function bounds(text, kind) {
    const [low, high] = kind === "range" ? text.replace(/[−–—]/g, "-").split("-") : [text];
    const least = number(low ?? "");
    if (least === null) return null;
    const most = high === undefined ? least : number(high);
    return most === null ? null : [least, most];
  }

  const written = (value) => value.toLocaleString("vi-VN", { maximumFractionDigits: 2 });

  function words(low, high, whole) {
    if (!whole) return "";
    const [least, most] = whole;
    if (low > most) return `cao hơn ${written(low - most)} so với chỉ tiêu tỉnh`;
    if (high < least) return `thấp hơn ${written(least - high)} so với chỉ tiêu tỉnh`;
    return "khớp chỉ tiêu tỉnh";
  }

  function sum(row) {
    const kind = row.dataset.kind;
    if (!kind) return;
    const rest = Number(row.dataset.rest);
    const parts = [...row.querySelectorAll("[data-grid-part]")]
      .map((field) => bounds(field.value.trim(), kind)).filter(Boolean);
    const low = parts.reduce((total, part) => total + part[0], rest);
    const high = parts.reduce((total, part) => total + part[1], rest);
    const given = parts.length > 0 || rest > 0;
    const whole = bounds(row.querySelector("[data-grid-whole]").value.trim(), kind);
    const said = given ? words(low, high, whole) : "";
    const shown = low === high ? written(low) : `${written(low)}-${written(high)}`;
    row.querySelector("[data-grid-sum]").textContent = given ? shown : "–";
    const note = row.querySelector("[data-grid-words]");
    note.textContent = said;
    note.classList.toggle("is-off", /^(cao|thấp)/.test(said));
  }

  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-grid-row]");
    if (row) sum(row);
  });

  // A block copied from a spreadsheet fills the cells to the right and below.
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const field = event.target.closest("input[name^='o-']");
    if (!field || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    const block = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
    const first = rows.indexOf(field.closest("[data-grid-row]"));
    const start = fields(rows[first]).indexOf(field);
    block.forEach((line, down) => {
      const row = rows[first + down];
      if (!row) return;
      const cells = fields(row);
      line.forEach((value, right) => {
        const cell = cells[start + right];
        if (!cell) return;
        cell.value = value.trim();
        cell.dispatchEvent(new Event("input", { bubbles: true }));
      });
    });
  });

  form.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    const field = event.target.closest("input[name^='o-']");
    if (!step || !field) return;
    event.preventDefault();
    const row = field.closest("[data-grid-row]");
    const next = rows[rows.indexOf(row) + step];
    if (next) fields(next)[fields(row).indexOf(field)]?.select();
  });
})();
