/* The member's sheet: the whole table is on the page, so moving asks nobody. A choice counts at once on the screen
   and goes to the server by sheet-queue.js, whose figures then stand. The page works by links and forms without
   this file. */
"use strict";

(() => {
  const root = document.querySelector("[data-scoring]");
  if (!root) return;
  const $ = (selector, within = root) => within.querySelector(selector);
  const $$ = (selector, within = root) => [...within.querySelectorAll(selector)];
  const STAR_BOUNDS = [[90, 5], [70, 4], [50, 3], [30, 2], [0, 1]];
  const SLOW_MS = 1500;
  const PATIENCE_MS = 8000;
  const NARROW = matchMedia("(max-width: 767.98px)");
  const { user, sheet, session, url } = root.dataset;
  const isOpen = "open" in root.dataset;

  /* ---- which criterion stands open ---- */

  const panels = new Map($$("[data-panel]").map((panel) => [panel.dataset.panel, panel]));
  const sides = new Map($$("[data-side]").map((side) => [side.dataset.side, side]));
  const lines = new Map($$("[data-leaf]").map((line) => [line.dataset.code, line]));
  const forms = new Map($$("[data-choice]").map((form) => [form.dataset.code, form]));
  const codes = [...panels.keys()];
  const hashOf = (code) => `#tc-${code}`;
  let current = codes.find((code) => !panels.get(code).hidden);

  function show(code, { push = true, focus = true } = {}) {
    if (!panels.has(code)) return false;
    [panels, sides].forEach((parts) => parts.forEach((part, name) => { part.hidden = name !== code; }));
    lines.get(current)?.removeAttribute("aria-current");
    lines.get(code).setAttribute("aria-current", "true");
    if (push && code !== current) history.pushState(null, "", hashOf(code));
    current = code;
    document.title = document.title.replace(/^\S+ · /, `${code} · `);
    showSteps();
    keepInSight(lines.get(code));
    $("[data-main]").scrollTop = 0;
    $("[data-side-column]").scrollTop = 0;
    if (NARROW.matches) {
      $(".scoring-list-fold").open = false;
      scrollTo(0, 0);
    }
    if (focus) $("h2", panels.get(code)).focus({ preventScroll: true });
    return true;
  }

  function showSteps() {
    const place = codes.indexOf(current);
    const [previous, next] = [codes[place - 1], codes[place + 1]];
    [["previous", previous], ["next", next]].forEach(([name, code]) => {
      const link = $(`[data-step="${name}"]`);
      link.hidden = !code;
      if (code) link.href = lines.get(code).href;
    });
    $('[data-step="finish"]').hidden = Boolean(next);
  }

  // The list scrolls by itself only when the line is out of sight.
  function keepInSight(line) {
    const list = $(".scoring-list");
    if (NARROW.matches || list.scrollHeight <= list.clientHeight) return;
    const [box, inner] = [list.getBoundingClientRect(), line.getBoundingClientRect()];
    if (inner.top < box.top + 48) list.scrollTop -= box.top + 48 - inner.top;
    else if (inner.bottom > box.bottom - 16) list.scrollTop += inner.bottom - box.bottom + 16;
  }

  const step = (by) => show(codes[codes.indexOf(current) + by] ?? "");
  const isMissing = (code) => missing.has(code);

  function nextMissing() {
    const place = codes.indexOf(current);
    const order = [...codes.slice(place + 1), ...codes.slice(0, place + 1)];
    const code = order.find(isMissing);
    if (code) return show(code);
    if (isOpen) $(".finish-link").click();
    return true;
  }

  window.addEventListener("popstate", () => show(decodeURIComponent(location.hash.slice(4)), { push: false }));

  const plain = (event) => !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  root.addEventListener("click", (event) => {
    if (!plain(event)) return;
    const line = event.target.closest("[data-leaf], [data-go]");
    const code = line?.dataset.go ?? line?.dataset.code;
    if (code && show(code)) {
      event.preventDefault();
      if (line.dataset.go) $("[data-conditions-fold]").open = false;
    } else if (event.target.closest("[data-next-missing]")) {
      event.preventDefault();
      nextMissing();
    } else if (event.target.closest('[data-step="previous"]')) {
      event.preventDefault();
      step(-1);
    } else if (event.target.closest('[data-step="next"]')) {
      event.preventDefault();
      step(1);
    }
  });

  /* ---- figures: worked out here at once, the server's when they come ---- */

  const WORDS = { done: "(đã chấm)", stopped: "(không xét vì đã dừng)", off: "(không tính)", todo: "(chưa chấm)" };
  const checkedIn = (form) => $("input[name=option]:checked", form);
  let missing = new Set();

  function showLine(code, state, points) {
    const line = lines.get(code);
    const max = line.dataset.max;
    line.dataset.leaf = state;
    $("[data-leaf-word]", line).textContent = WORDS[state];
    $("[data-leaf-points]", line).textContent = { done: `${points}/${max}`, todo: max }[state] ?? "–";
    const note = $("[data-off-note]", panels.get(code));
    if (note) note.hidden = state !== "off";
  }

  function showStars(name, count) {
    $$(`[data-star-box="${name}"] > [data-star]`).forEach((stars) => {
      stars.hidden = Number(stars.dataset.star) !== count;
    });
  }

  function showCounts(answered) {
    const left = [...lines.values()].filter((line) => line.dataset.leaf === "todo").length;
    $("[data-missing-words]").textContent = left ? `Đã chấm ${answered}/${codes.length}` : "Đã chấm đủ";
    $("[data-missing-count]").textContent = left ? `còn ${left} chưa chấm` : "nộp phiếu";
  }

  function showSums({ total, sections, starByScore, answered }) {
    $("[data-total]").textContent = total;
    Object.entries(sections).forEach(([code, points]) => { $(`[data-section="${code}"]`).textContent = points; });
    showStars("star_by_score", answered ? starByScore : 0);
    showCounts(answered);
  }

  // As the law counts, but only for the eye: conditions and the final star are the server's to say.
  function countHere() {
    const [points, sections, open] = [new Map(), {}, new Set()];
    let [total, answered] = [0, 0];
    forms.forEach((form, code) => {
      const { section, ifCode, ifOver } = form.dataset;
      sections[section] ??= 0;
      points.set(code, 0);
      if (lines.get(code).dataset.leaf === "stopped") return;
      const applies = !ifCode || points.get(ifCode) > Number(ifOver);
      const choice = checkedIn(form);
      const off = !applies && checkedIn(forms.get(ifCode)) !== null;
      const got = choice && applies ? Number(choice.dataset.points) : 0;
      points.set(code, got);
      sections[section] += got;
      total += got;
      if (choice && !off) answered += 1;
      if (!choice && applies) open.add(code);
      showLine(code, off ? "off" : choice ? "done" : "todo", got);
    });
    missing = open;
    showSums({ total, sections, answered, starByScore: STAR_BOUNDS.find(([bound]) => total >= bound)[1] });
  }

  function showAnswer(said) {
    Object.entries(said.leaves).forEach(([code, [state, points]]) => showLine(code, state, points));
    missing = new Set(said.missing);
    showSums({ ...said, starByScore: said.star_by_score });
    showStars("star", said.answered ? said.star : 0);
    $("[data-gaps]").textContent = said.gaps;
    $("[data-target]").textContent = said.target;
    const shown = $$("[data-condition]").filter((line) => {
      const needed = $(`[data-for-star="${said.target}"]`, line);
      $$("[data-for-star]", line).forEach((words) => { words.hidden = words !== needed; });
      line.hidden = !needed;
      line.dataset.met = said.unmet.includes(line.dataset.condition) ? "no" : "yes";
      return needed;
    });
    $("[data-no-conditions]").hidden = shown.length > 0;
  }

  /* ---- saved, saving, waiting ---- */

  const chip = $("[data-saved-state]");
  let slow = 0;

  function showKept(word, state) {
    if (!chip) return;
    chip.dataset.savedState = state;
    $("[data-saved-word]", chip).textContent = word;
  }

  function showState() {
    const count = queue.size();
    const words = {
      waiting: ["Chưa lưu, đang chờ mạng", "failed"],
      ended: ["Chưa lưu, cần đăng nhập lại", "failed"],
      paused: ["Chưa lưu, đang tạm dừng", "failed"],
      conflict: ["Chưa lưu: hai mức khác nhau", "conflict"],
    }[queue.state()];
    if (!count) showKept(savedWord, "saved");
    else if (words) showKept(`${words[0]} (${count})`, words[1]);
    else showKept("Đang lưu…", "saving");
    if (queue.state() !== "paused") $("[data-hold]").hidden = true;
    clearTimeout(slow);
    const showProvisional = () => {
      $("[data-provisional]").hidden = false;
      root.classList.add("is-provisional");
    };
    if (!count) {
      $("[data-provisional]").hidden = true;
      root.classList.remove("is-provisional");
    } else if (words) showProvisional();
    else slow = setTimeout(showProvisional, SLOW_MS);
  }

  /* ---- choices ---- */

  const savedOption = new Map([...forms].map(([code, form]) => [code, checkedIn(form)?.value ?? null]));
  let savedWord = chip ? $("[data-saved-word]", chip).textContent : "";

  const radioOf = (code, option) => $$("input[name=option]", forms.get(code)).find((radio) => radio.value === option);
  const labelOf = (code, option) => {
    const radio = radioOf(code, option);
    const words = radio ? $("[data-option-label]", radio.closest("label")).textContent : "Không đạt mức nào";
    return `${words} (${radio?.dataset.points ?? 0} điểm)`;
  };

  function mark(code, option) {
    $$("input[name=option]", forms.get(code)).forEach((radio) => { radio.checked = radio.value === option; });
  }

  root.addEventListener("change", (event) => {
    const form = event.target.closest("[data-choice]");
    if (!form) return;
    countHere();
    queue.add({
      code: form.dataset.code,
      criterion: form.elements.criterion.value,
      option: event.target.value,
      base: Number(form.dataset.revision),
    });
  });
  // With scripts a choice is saved when it is made.
  root.addEventListener("submit", (event) => { if (event.target.matches("[data-choice]")) event.preventDefault(); });

  function saved(entry, said) {
    forms.get(entry.code).dataset.revision = said.revision;
    savedOption.set(entry.code, entry.option);
    savedWord = `Đã lưu lúc ${said.saved_at}`;
    const later = queue.entries();
    if (!later.some((other) => other.code === entry.code)) mark(entry.code, entry.option);
    if (later.length) countHere();
    else showAnswer(said);
  }

  function refused(entry, words) {
    const item = document.createElement("li");
    item.textContent = `Tiêu chí ${entry.code}, mức “${labelOf(entry.code, entry.option)}”: ${words}`;
    $("[data-refusals] ul").append(item);
    $("[data-refusals]").hidden = false;
    if (!queue.entries().some((other) => other.code === entry.code)) mark(entry.code, savedOption.get(entry.code));
    countHere();
  }

  function conflict(entry, stored) {
    const dialog = $('[data-dialog="conflict"]');
    if (document.hidden || dialog.open) return;
    show(entry.code);
    const words = { code: entry.code, time: stored.saved_at };
    words.stored = labelOf(entry.code, stored.option);
    words.mine = labelOf(entry.code, entry.option);
    Object.entries(words).forEach(([name, text]) => { $(`[data-conflict-${name}]`, dialog).textContent = text; });
    dialog.returnValue = "";
    dialog.showModal();
    dialog.addEventListener("close", () => {
      if (!["stored", "mine"].includes(dialog.returnValue)) return;
      const option = dialog.returnValue === "mine" ? entry.option : stored.option;
      mark(entry.code, option);
      countHere();
      queue.decide(entry.code, entry.criterion, option, stored.revision);
    }, { once: true });
  }

  function hold(words) {
    $("[data-hold-words]").textContent = `${words} Lựa chọn được giữ trên máy và sẽ tự gửi khi chấm tiếp.`;
    $("[data-hold]").hidden = false;
  }

  const queue = window.openSheetQueue({
    user,
    sheet,
    url,
    on: {
      saved,
      refused,
      conflict,
      hold,
      changed: () => showState(),
      decided: () => $('[data-dialog="conflict"]').close(),
      ended: () => window.ocop.signInAgain(),
    },
  });

  // Left from before: shown as chosen, then sent.
  function restore() {
    queue.entries().forEach((entry) => mark(entry.code, entry.option));
    countHere();
    if (queue.size()) showState();
    queue.resume();
    window.flushSheetQueues(user, (left) => {
      if (!left.size) return;
      const words = `Còn lựa chọn chưa gửi ở ${left.size} phiếu khác; mở phiếu đó từ “Phiếu của tôi” để gửi.`;
      window.ocop.toast(words, "warning");
    }, sheet);
  }

  $("[data-refusals-seen]").addEventListener("click", () => {
    $("[data-refusals] ul").replaceChildren();
    $("[data-refusals]").hidden = true;
  });
  chip?.addEventListener("click", () => queue.resume());

  /* ---- what must come after the choices: stopping, and the page of submission ---- */

  async function allSent() {
    if (!queue.size()) return navigator.onLine || offlineWord();
    queue.resume();
    const end = Date.now() + PATIENCE_MS;
    while (queue.size() && queue.state() === "sending" && Date.now() < end) {
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    if (!queue.size()) return true;
    window.ocop.toast(`Còn ${queue.size()} lựa chọn chưa gửi được; làm bước này sau khi đã lưu đủ.`, "warning");
    return false;
  }

  function offlineWord() {
    window.ocop.toast("Đang mất mạng; làm bước này khi có mạng.", "warning");
    return false;
  }

  // On the window, before app.js sees them.
  window.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-needs-sent]");
    if (!link || !plain(event)) return;
    event.preventDefault();
    allSent().then((yes) => yes && location.assign(link.href));
  }, true);
  window.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-needs-sent]")) return;
    // Also when the question of app.js sends the form once more: looked at anew, whatever was chosen meanwhile.
    if (!queue.size() && navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    allSent().then((yes) => yes && event.target.requestSubmit(event.submitter));
  }, true);

  /* ---- dialogs ---- */

  // The list of conditions lies over the page: a touch elsewhere puts it away.
  document.addEventListener("click", (event) => {
    const fold = $("[data-conditions-fold]");
    if (fold.open && !fold.contains(event.target)) fold.open = false;
  });

  const dialogOf = (name) => $(`[data-dialog="${name}"]`);

  function open(name) {
    const dialog = dialogOf(name);
    if (!dialog.open) dialog.showModal();
    return true;
  }

  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-open-dialog]");
    if (button) open(button.dataset.openDialog);
  });

  // Once a session on a device: who has begun to score has read it.
  function showRegulation() {
    const dialog = dialogOf("regulation");
    if (!("first" in dialog.dataset)) return;
    const seen = `ocop.regulation.${user}.${session}`;
    dialog.close();
    try {
      if (localStorage.getItem(seen)) return;
    } catch { /* without a storage it is shown again */ }
    dialog.showModal();
    dialog.addEventListener("close", () => {
      try { localStorage.setItem(seen, "1"); } catch { /* as above */ }
    }, { once: true });
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "preview-body") return;
    open("preview");
    dialogOf("preview").scrollTop = 0;
  });

  function openPapers() {
    const paper = $("[data-paper]", sides.get(current));
    if (paper) paper.click();
    else $("[data-all-papers]").focus();
    return true;
  }

  /* ---- keys: digits choose, arrows move, n next unanswered, e evidence, ? help ---- */

  const typing = (element) =>
    element.closest("textarea, select, [contenteditable], input:not([type=radio])") !== null;

  function choose(key) {
    const radio = $(`input[data-key="${key}"]:enabled`, forms.get(current));
    if (!radio) return false;
    radio.focus({ preventScroll: true });
    if (!radio.checked) radio.click();
    return true;
  }

  function act(key) {
    if (/^[0-9]$/.test(key)) return choose(key);
    if (key === "ArrowLeft") return step(-1) || true;
    if (key === "ArrowRight") return step(1) || finish();
    return { n: nextMissing, e: openPapers, "?": () => open("keys") }[key.toLowerCase()]?.() ?? false;
  }

  function finish() {
    if (isOpen) $('[data-step="finish"]').click();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (document.querySelector("dialog[open]") || typing(event.target)) return;
    if (act(event.key)) event.preventDefault();
  });

  /* ---- start ---- */

  $(".keys-button").hidden = false;
  $("[data-conditions-fold]").addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.currentTarget.open = false;
  });
  const wanted = decodeURIComponent(location.hash.slice(4));
  if (panels.has(wanted)) show(wanted, { push: false, focus: false });
  else history.replaceState(null, "", hashOf(current));
  if (NARROW.matches) $(".scoring-list-fold").open = false;
  keepInSight(lines.get(current));
  showSteps();
  showRegulation();
  restore();
})();
