/* Several answers may be on their way at once (files two by two, each paper's fields by themselves), and the one worked
   out first may come last. A part that tells how things stand as a whole carries the moment its figures were read
   (data-as-of, core/freshness.py): an older answer never takes the place of a newer one. Loaded before the scripts
   that put answers in place. */
"use strict";

window.isOlderThan = (shown, fresh) => Number(fresh?.dataset.asOf) < Number(shown?.dataset.asOf);

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (window.isOlderThan(target, fragment.firstElementChild)) event.detail.shouldSwap = false;
});
