// Buttons that copy what stands in a field; without a clipboard they stay hidden and the field is selected by hand.
(() => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.querySelector(button.dataset.copy);
    const word = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(field.value);
        button.textContent = "Đã sao chép";
      } catch {
        field.select();
        button.textContent = "Bấm Ctrl+C";
      }
      setTimeout(() => { button.textContent = word; }, 2500);
    });
  }
})();
