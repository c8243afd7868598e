/* The search box of the top bar: suggestions while typing (htmx fetches them), walked by keyboard. Without this
   file the box still leads to the page of results. Pattern: WAI-ARIA combobox with a listbox. */
"use strict";

(() => {
  const box = document.querySelector("[data-search-box]");
  if (!box) return;
  const input = box.querySelector("input");
  const panel = box.querySelector("#search-suggestions");
  const options = () => [...panel.querySelectorAll("[role=option]")];
  let place = -1;

  function show(open) {
    const filled = open && panel.textContent.trim() !== "";
    panel.hidden = !filled;
    input.setAttribute("aria-expanded", String(filled && options().length > 0));
    if (!filled) choose(-1);
  }

  function choose(next) {
    const all = options();
    all[place]?.setAttribute("aria-selected", "false");
    place = all[next] ? next : -1;
    const option = all[place];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  panel.addEventListener("htmx:afterSwap", () => {
    place = -1;
    show(document.activeElement === input);
  });
  // Too short a text, or an answer that came after the person went on: nothing stays open.
  input.addEventListener("input", () => input.value.trim().length < 2 && show(false));
  input.addEventListener("focus", () => input.value.trim().length >= 2 && show(true));

  input.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "Escape" && !panel.hidden) {
      event.preventDefault();
      show(false);
    } else if (event.key === "ArrowDown" && count) {
      event.preventDefault();
      if (panel.hidden) show(true);
      choose((place + 1) % count);
    } else if (event.key === "ArrowUp" && count && !panel.hidden) {
      event.preventDefault();
      choose(place <= 0 ? count - 1 : place - 1);
    } else if (event.key === "Enter" && !panel.hidden && options()[place]) {
      event.preventDefault();
      options()[place].click();
    } else if (event.key === "Tab") {
      show(false);
    }
  });
  document.addEventListener("click", (event) => box.contains(event.target) || show(false));
})();
