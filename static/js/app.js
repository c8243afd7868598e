/* What every page does beyond plain HTML. No inline handlers: everything is asked for by data- attributes,
   described in docs/components.md. Pages work without this file; it only makes them kinder. */
"use strict";

(() => {
  const TOAST_MS = 7000;
  const KEEP_ALIVE_MS = 4 * 60 * 1000;
  const PATIENCE_MS = 8000;
  const OFFLINE = "Mất kết nối, chưa gửi được. Nội dung trên trang vẫn còn; hãy thử lại khi có mạng.";

  // Somebody signed in again: the page's own token is old, the cookie's is the new one.
  const freshToken = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const loginUrl = () => document.body.dataset.loginUrl;

  /* ---- toasts ---- */

  function startToast(note) {
    const lasting = note.classList.contains("is-danger") || note.classList.contains("is-warning");
    if (lasting) return;
    let timer;
    const wait = () => { timer = setTimeout(() => note.remove(), TOAST_MS); };
    const hold = () => clearTimeout(timer);
    note.addEventListener("mouseenter", hold);
    note.addEventListener("mouseleave", wait);
    note.addEventListener("focusin", hold);
    note.addEventListener("focusout", wait);
    wait();
  }

  function toast(text, kind = "info") {
    const box = $("#toasts");
    if ($$("p", box).some((p) => p.textContent === text)) return;
    const note = $("#toast-template").content.firstElementChild.cloneNode(true);
    note.classList.add(`is-${kind}`);
    $$("[data-icon-for]", note).forEach((mark) => mark.dataset.iconFor === kind || mark.remove());
    $("p", note).textContent = text;
    box.append(note);
    startToast(note);
  }

  document.addEventListener("click", (event) => {
    event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove();
  });
  // The server answers htmx with HX-Trigger: {"toast": {"text": "...", "kind": "good"}}.
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));

  /* ---- asking before an act: data-confirm on a button or form, hx-confirm on htmx elements ---- */

  function ask({ text, title, action, kind }) {
    const dialog = $("#confirm-dialog");
    const [head, yes] = [$("#confirm-title"), $("#confirm-yes")];
    head.textContent = title || head.dataset.default;
    $("#confirm-text").textContent = text;
    yes.textContent = action || yes.dataset.default;
    yes.className = `btn ${kind === "danger" ? "btn-danger" : "btn-primary"}`;
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  }

  const questionOf = (element) => ({
    text: element.dataset.confirm,
    title: element.dataset.confirmTitle,
    action: element.dataset.confirmAction,
    kind: element.dataset.confirmKind,
  });

  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    const element = event.detail.elt;
    ask({ ...questionOf(element), text: event.detail.question })
      .then((agreed) => agreed && event.detail.issueRequest(true));
  });

  /* ---- sending a form: ask, once only, and say so on the button ---- */

  const agreed = new WeakSet();
  const cleared = new WeakSet();
  const typedIn = new WeakSet();
  document.addEventListener("input", (event) => event.target.form && typedIn.add(event.target.form));

  // An autosaved form has hx-post too, but its button sends it the plain way.
  const sentByHtmx = (form) => form.matches("[hx-post]")
    && (!form.getAttribute("hx-trigger") || /\bsubmit\b/.test(form.getAttribute("hx-trigger")));

  function markSending(form, button) {
    form.dataset.sending = "true";
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    button.dataset.words = button.innerHTML;
    button.textContent = button.dataset.sendingWord || "Đang gửi…";
  }

  function unmarkSending(form) {
    delete form.dataset.sending;
    $$("[aria-busy][data-words]", form).forEach((button) => {
      button.removeAttribute("aria-busy");
      button.innerHTML = button.dataset.words;
      delete button.dataset.words;
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    const asker = button?.dataset.confirm ? button : form.dataset.confirm ? form : null;
    // Cleared: agreed to before the session was asked about.
    if (asker && !agreed.has(form) && !cleared.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(questionOf(asker)).then((yes) => {
        if (!yes) return;
        agreed.add(form);
        form.requestSubmit(button);
        agreed.delete(form);
      });
      return;
    }
    if (form.method !== "post" || form.matches("[data-sign-in]")) return;
    if (form.dataset.sending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (sentByHtmx(form)) return;
    if (typedIn.has(form) && document.body.dataset.keepAliveUrl && !cleared.has(form)) {
      // Sent without a session or a network, the text would be lost on the way.
      event.preventDefault();
      event.stopImmediatePropagation();
      form.dataset.sending = "check";
      Promise.all([beSignedIn(), settled()]).then(([yes]) => {
        delete form.dataset.sending;
        if (!yes) return;
        cleared.add(form);
        form.requestSubmit(button);
        cleared.delete(form);
      });
      return;
    }
    const token = form.elements.namedItem("csrfmiddlewaretoken");
    if (token && freshToken()) token.value = freshToken();
    if (!form.matches("[data-send-many]")) markSending(form, button);
  }, true);

  // Back from the browser's cache: the form may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) $$("form[data-sending]").forEach(unmarkSending);
  });

  /* ---- saved, saving, not saved: form[data-guard] (sent by button), [data-autosave] (by htmx) ---- */

  const WORDS = {
    saved: "Đã lưu", saving: "Đang lưu…", unsaved: "Chưa lưu", failed: "Chưa lưu được, sẽ thử lại",
    refused: "Chưa lưu được, xin sửa", conflict: "Chưa lưu: hai bản khác nhau",
  };
  const dirty = new Set();
  let pending = 0;

  function showSaved(state) {
    const time = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
    $$("[data-saved-state]").forEach((chip) => {
      chip.dataset.savedState = state;
      $("[data-saved-word]", chip).textContent = WORDS[state] + (state === "saved" ? ` lúc ${time}` : "");
    });
  }

  // How many groups of a set are still on the page.
  function here(groups) {
    groups.forEach((group) => group.isConnected || groups.delete(group));
    return groups.size;
  }

  const showWhatIs = () => showSaved(
    here(conflicted) ? "conflict" : here(refused) ? "refused" : failed.size ? "failed"
      : pending ? "saving" : here(unsent) ? "unsaved" : "saved");

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (!form || dirty.has(form)) return;
    dirty.add(form);
    showSaved("unsaved");
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) {
      dirty.delete(event.target);
      [unsent, failed, refused, conflicted].forEach((groups) => groups.delete(event.target));
    }
  });
  const isOpenWork = () => pending > 0 || failed.size || [dirty, refused, conflicted, unsent].some(here);
  window.addEventListener("beforeunload", (event) => { if (isOpenWork()) event.preventDefault(); });

  // Groups that keep one answer ([data-autosave]). `failed`: group -> element whose last request failed; by
  // group, so that a newer answer replaces the failed one and an old answer is never sent after a new one.
  // `refused`: the server said what is wrong, sending the same again would not help. `unsent`: typed, not on its way.
  const failed = new Map();
  const refused = new Set();
  const conflicted = new Set();
  const unsent = new Set();
  const keptValues = new WeakMap();
  const groupOf = (event) => event.detail.elt.closest?.("[data-autosave]");
  const TEXTS = "textarea, input:not([type=radio], [type=checkbox], [type=hidden], [type=file])";
  const textsOf = (group) => $$(TEXTS, group);
  const keptValue = (field) => keptValues.get(field) ?? field.defaultValue;

  document.addEventListener("input", (event) => {
    const group = event.target.matches(TEXTS) && event.target.closest("[data-autosave]");
    if (!group) return;
    const open = textsOf(group).some((field) => field.value !== keptValue(field));
    if (open) unsent.add(group);
    else unsent.delete(group);
    if (!pending) showWhatIs();
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const group = groupOf(event);
    if (!group) return retry();
    if (group.querySelector("[data-conflict]")) return event.preventDefault();
    pending += 1;
    unsent.delete(group);
    event.detail.xhr.sentTexts = textsOf(group).map((field) => [field, field.value]);
    showSaved("saving");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const group = groupOf(event);
    if (!group) return;
    const { xhr } = event.detail;
    pending -= 1;
    [failed, refused, conflicted].forEach((groups) => groups.delete(group));
    // A 422 is swapped in (its errors are shown), but nothing was kept.
    if (event.detail.successful && xhr.status < 400 && !wentToLogin(xhr)) {
      xhr.sentTexts?.forEach(([field, value]) => keptValues.set(field, value));
    } else if (isConflict(xhr)) conflicted.add(group);
    else if (xhr.status === 422 || xhr.status === 409) refused.add(group);
    else failed.set(group, event.detail.elt);
    showWhatIs();
  });

  // Until nothing is on its way, or for some seconds: what the group sent then has the last word.
  async function settled() {
    const end = Date.now() + PATIENCE_MS;
    while (pending > 0 && Date.now() < end) await new Promise((resolve) => { setTimeout(resolve, 50); });
  }

  // Following a link keeps the last words first, instead of asking whether to lose them.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const here = link.origin === location.origin && link.pathname === location.pathname && link.hash;
    if (here || link.origin !== location.origin || link.target || link.hasAttribute("download")) return;
    if (link.matches("[hx-get], [data-bs-toggle]") || !(unsent.size || pending)) return;
    event.preventDefault();
    sendUnsent();
    settled().then(() => location.assign(link.href));
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) sendUnsent(); });

  // A note of a criterion goes with its choice ([data-choice]), never alone.
  function sendUnsent() {
    [...unsent].filter((group) => !group.matches("[data-choice]")).forEach((group) => {
      const element = group.matches("[hx-post]") ? group : $("[hx-post]", group);
      element?.dispatchEvent(new Event("retry"));
    });
  }

  // What could not be saved is sent again (hx-trigger="…, retry") when the network is back, or every 15 seconds.
  function retry() {
    failed.forEach((element, group) => {
      if (element.isConnected) return element.dispatchEvent(new Event("retry"));
      failed.delete(group);
      showWhatIs();
      toast("Một lựa chọn trước đó chưa lưu được, xin kiểm tra lại.", "danger");
    });
  }
  window.addEventListener("online", retry);
  setInterval(() => navigator.onLine && pending === 0 && retry(), 15000);

  /* ---- htmx: errors in words ---- */

  const wentToLogin = (xhr) => loginUrl() && xhr.responseURL
    && new URL(xhr.responseURL).pathname === loginUrl() && location.pathname !== loginUrl();

  // Both versions come along (conflict.js); any other 409 is a plain refusal.
  const isConflict = (xhr) => xhr.status === 409 && xhr.getResponseHeader("X-Conflict") !== null;

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isConflict(event.detail.xhr)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    if (!wentToLogin(event.detail.xhr)) return;
    event.detail.shouldSwap = false;
    signInAgain();
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const { headers, formData } = event.detail;
    if (!freshToken()) return;
    headers["X-CSRFToken"] = freshToken();
    if (formData?.has("csrfmiddlewaretoken")) formData.set("csrfmiddlewaretoken", freshToken());
  });
  document.addEventListener("htmx:responseError", (event) => {
    const words = {
      403: "Tài khoản này không được phép làm việc này.",
      404: "Không tìm thấy: nội dung đã đổi hoặc không thuộc phạm vi của tài khoản này.",
      409: "Nội dung vừa được người khác thay đổi. Hãy tải lại trang để xem bản mới.",
    };
    const { xhr } = event.detail;
    const said = xhr.status === 409 && xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") && xhr.responseText;
    toast(said || words[xhr.status] || "Máy chủ chưa thực hiện được, xin thử lại.", "danger");
  });
  document.addEventListener("htmx:sendError", () => {
    toast("Mất kết nối. Nội dung trên trang vẫn còn; hệ thống sẽ thử lại.", "danger");
  });

  /* ---- a working person's session does not end while they type ---- */

  let active = false;
  ["input", "keydown", "pointerdown"].forEach((kind) =>
    document.addEventListener(kind, () => { active = true; }, { passive: true }));

  // "open", "ended" or "offline".
  async function sessionState() {
    try {
      const answer = await fetch(document.body.dataset.keepAliveUrl, {
        headers: { "X-Requested-With": "fetch" }, signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (answer.redirected && new URL(answer.url).pathname === loginUrl()) return "ended";
      return answer.status < 500 ? "open" : "offline";
    } catch {
      return "offline";
    }
  }

  async function beSignedIn() {
    const state = await sessionState();
    if (state === "offline") toast(OFFLINE, "danger");
    return state === "ended" ? signInAgain() : state === "open";
  }

  async function keepAlive() {
    if (!active) return;
    active = false;
    const state = await sessionState();
    if (state === "ended") signInAgain();
    if (state === "offline") active = true; // the next round tries again
  }

  /* ---- the session ended: sign in again on this page, then go on where it stopped ---- */

  let signingIn = null;

  // True once signed in again, false when put off; one dialog whoever asks.
  function signInAgain() {
    const dialog = $("#sign-in-dialog");
    if (!dialog) return Promise.resolve(false);
    signingIn ??= new Promise((resolve) => {
      dialog.returnValue = "";
      sayInDialog("");
      if (!dialog.open) dialog.showModal();
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "in"), { once: true });
    }).finally(() => { signingIn = null; });
    return signingIn;
  }

  function sayInDialog(text) {
    const place = $("[data-sign-in-error]");
    place.textContent = text;
    place.hidden = !text;
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-sign-in]")) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    markSending(form, event.submitter);
    const refusal = await signInWith(form);
    unmarkSending(form);
    form.elements.password.value = "";
    if (refusal) {
      sayInDialog(refusal);
      return form.elements.password.focus();
    }
    form.closest("dialog").close("in");
    toast("Đã đăng nhập lại.", "good");
    retry();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-sign-in-later]")) event.target.closest("dialog").close("later");
  });

  // Signed in again in another tab: nothing to ask here any more.
  window.addEventListener("focus", async () => {
    if ($("#sign-in-dialog")?.open && await sessionState() === "open") {
      $("#sign-in-dialog").close("in");
      retry();
    }
  });

  // What to tell when it did not work, else nothing.
  async function signInWith(form) {
    try {
      if (!freshToken()) await fetch(loginUrl());
      const data = new FormData(form);
      data.set("csrfmiddlewaretoken", freshToken() ?? "");
      const answer = await fetch(loginUrl(), { method: "POST", body: data, redirect: "manual" });
      if (answer.type === "opaqueredirect") return "";
      if (answer.status === 429) return "Nhập sai nhiều lần nên tài khoản tạm khóa; hãy đợi 15 phút rồi thử lại.";
      return answer.status < 500 ? "Mật khẩu không đúng." : "Máy chủ chưa trả lời được, xin thử lại.";
    } catch {
      return OFFLINE;
    }
  }

  /* ---- how long a text may be: said, never cut off ---- */

  const LIMITED = "textarea[maxlength], textarea[data-limit]";

  // The browser cuts what is pasted beyond maxlength without a word.
  function liftLimit(field) {
    if (!field.maxLength || field.maxLength < 0) return;
    field.dataset.limit = field.maxLength;
    field.removeAttribute("maxlength");
  }

  function counterOf(field) {
    const next = field.nextElementSibling;
    if (next?.matches("[data-length]")) return next;
    const counter = document.createElement("p");
    counter.dataset.length = "";
    counter.className = "text-length";
    counter.setAttribute("aria-live", "polite");
    field.after(counter);
    return counter;
  }

  function showLength(field) {
    liftLimit(field);
    const [length, limit] = [field.value.length, Number(field.dataset.limit)];
    if (length < limit * 0.8 && !field.nextElementSibling?.matches("[data-length]")) return;
    const [counter, over] = [counterOf(field), length - limit];
    const count = (number) => number.toLocaleString("vi-VN");
    counter.hidden = length < limit * 0.8;
    counter.classList.toggle("is-over", over > 0);
    counter.textContent = over > 0
      ? `Dài quá ${count(over)} ký tự (tối đa ${count(limit)}): chưa lưu, xin rút gọn.`
      : `${count(length)}/${count(limit)} ký tự`;
    field.toggleAttribute("aria-invalid", over > 0);
    if (over > 0) field.setAttribute("aria-invalid", "true");
  }

  document.addEventListener("focusin", (event) => { if (event.target.matches(LIMITED)) liftLimit(event.target); });
  document.addEventListener("input", (event) => { if (event.target.matches(LIMITED)) showLength(event.target); });

  // For pages that send by themselves (sheet-queue.js, sheet.js).
  window.ocop = { freshToken, signInAgain, beSignedIn, toast };

  /* ---- start ---- */

  function start() {
    $$("[data-toast]").forEach(startToast);
    $$(LIMITED).forEach(showLength);
    $("[data-focus-on-load]")?.focus();
    const url = document.body.dataset.keepAliveUrl;
    if (url) setInterval(keepAlive, KEEP_ALIVE_MS);
  }
  start();
})();
