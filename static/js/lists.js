/* Lists: the small panels above a table close by themselves; the number of rows changes at once. */
"use strict";

(() => {
  const open = () => [...document.querySelectorAll("details.pop[open]")];

  document.addEventListener("click", (event) => {
    // The question "delete?" stands in a dialog of its own.
    if (event.target.closest("dialog")) return;
    open().forEach((pop) => pop.contains(event.target) || pop.removeAttribute("open"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((pop) => {
      pop.removeAttribute("open");
      pop.querySelector("summary").focus();
    });
  });
  document.querySelectorAll("[data-submit-on-change]").forEach((field) => {
    field.addEventListener("change", () => field.form.requestSubmit());
  });
  document.querySelectorAll("[data-without-script]").forEach((button) => button.remove());
})();
