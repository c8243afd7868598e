// Choosing files in our own words: the browser's control speaks the browser's language. It stays on top,
// unseen, so that clicks, keys and dropped files go to it; without this script it is simply shown.
(() => {
  const NOTHING = "Chưa chọn tệp nào";

  const chosen = (input) => {
    const names = [...input.files].map((file) => file.name);
    if (names.length < 2) return names[0] || NOTHING;
    return `${names.length} tệp: ${names.join(", ")}`;
  };

  const dress = (input) => {
    const frame = document.createElement("div");
    const button = document.createElement("span");
    const words = document.createElement("span");
    frame.className = "file-pick";
    button.className = "btn btn-quiet";
    words.className = "file-pick-words";
    for (const part of [button, words]) part.setAttribute("aria-hidden", "true");
    button.textContent = input.multiple ? "Chọn các tệp" : "Chọn tệp";
    input.before(frame);
    frame.append(button, words, input);
    const tell = () => { words.textContent = chosen(input); };
    input.addEventListener("change", tell);
    tell();
  };

  document.querySelectorAll("input[type=file].form-control, input[type=file].clearablefileinput").forEach(dress);
})();
