/* What every page does beyond plain HTML. No inline handlers: everything is asked for by data- attributes,
   described in docs/components.md. Pages work without this file; it only makes them kinder. */
"use strict";

(() => {
  const TOAST_MS = 7000;
  const KEEP_ALIVE_MS = 4 * 60 * 1000;
  const SESSION_ENDED =
    "Phiên làm việc đã hết. Hãy đăng nhập lại ở một thẻ khác của trình duyệt rồi quay lại trang này: nội dung đã nhập vẫn còn.";

  // Somebody signed in again in another tab: the page's own token is old, the cookie's is the new one.
  const freshToken = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  let sessionEnded = false;

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
    if (asker && !agreed.has(form)) {
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
    if (form.method !== "post") return;
    const token = form.elements.namedItem("csrfmiddlewaretoken");
    if (token && freshToken()) token.value = freshToken();
    if (sessionEnded) {
      // Sent now, the text would be lost on the way to the sign-in page.
      event.preventDefault();
      event.stopImmediatePropagation();
      isSignedIn().then((yes) => (yes ? form.requestSubmit(button) : toast(SESSION_ENDED, "warning")));
      return;
    }
    if (form.matches("[hx-post],[data-send-many]")) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    markSending(form, button);
  }, true);

  // Back from the browser's cache: the form may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) $$("form[data-sending]").forEach(unmarkSending);
  });

  /* ---- saved, saving, not saved: form[data-guard] (sent by button), [data-autosave] (by htmx) ---- */

  const WORDS = { saved: "Đã lưu", saving: "Đang lưu…", unsaved: "Chưa lưu", failed: "Chưa lưu được, sẽ thử lại" };
  const dirty = new Set();
  let pending = 0;

  function showSaved(state) {
    const time = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
    $$("[data-saved-state]").forEach((chip) => {
      chip.dataset.savedState = state;
      $("[data-saved-word]", chip).textContent = WORDS[state] + (state === "saved" ? ` lúc ${time}` : "");
    });
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (!form || dirty.has(form)) return;
    dirty.add(form);
    showSaved("unsaved");
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) dirty.delete(event.target);
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty.size || pending > 0 || failed.size) event.preventDefault();
  });

  // Group that keeps one answer ([data-autosave]) -> element whose last request failed. Kept by group, so that
  // a newer answer of the same group replaces the failed one and an old answer is never sent after a new one.
  const failed = new Map();
  const groupOf = (event) => event.detail.elt.closest?.("[data-autosave]");

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!groupOf(event)) return retry();
    pending += 1;
    showSaved("saving");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const group = groupOf(event);
    if (!group) return;
    pending -= 1;
    // A 422 is swapped in (its errors are shown), but nothing was kept.
    const kept = event.detail.successful && event.detail.xhr.status < 400 && !wentToLogin(event.detail.xhr);
    if (kept) failed.delete(group);
    else failed.set(group, event.detail.elt);
    if (failed.size) showSaved("failed");
    else if (pending === 0) showSaved("saved");
  });

  // What could not be saved is sent again (hx-trigger="…, retry") when the network is back, or every 15 seconds.
  function retry() {
    failed.forEach((element, group) => {
      if (element.isConnected) return element.dispatchEvent(new Event("retry"));
      failed.delete(group);
      toast("Một lựa chọn trước đó chưa lưu được, xin kiểm tra lại.", "danger");
    });
  }
  window.addEventListener("online", retry);
  setInterval(() => navigator.onLine && pending === 0 && retry(), 15000);

  /* ---- htmx: errors in words ---- */

  const wentToLogin = (xhr) => loginUrl() && xhr.responseURL
    && new URL(xhr.responseURL).pathname === loginUrl() && location.pathname !== loginUrl();

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!wentToLogin(event.detail.xhr)) return;
    event.detail.shouldSwap = false;
    sessionEnded = true;
    toast(SESSION_ENDED, "warning");
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
    toast(words[event.detail.xhr.status] || "Máy chủ chưa thực hiện được, xin thử lại.", "danger");
  });
  document.addEventListener("htmx:sendError", () => {
    toast("Mất kết nối. Nội dung trên trang vẫn còn; hệ thống sẽ thử lại.", "danger");
  });

  /* ---- a working person's session does not end while they type ---- */

  let active = false;
  ["input", "keydown", "pointerdown"].forEach((kind) =>
    document.addEventListener(kind, () => { active = true; }, { passive: true }));

  async function isSignedIn() {
    try {
      const answer = await fetch(document.body.dataset.keepAliveUrl, { headers: { "X-Requested-With": "fetch" } });
      sessionEnded = answer.redirected || !answer.ok;
    } catch {
      return false;
    }
    return !sessionEnded;
  }

  async function keepAlive(url) {
    if (!active) return;
    active = false;
    try {
      const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
      sessionEnded = answer.redirected || !answer.ok;
      if (sessionEnded) toast(SESSION_ENDED, "warning");
    } catch {
      // No network: the next round tries again.
      active = true;
    }
  }

  /* ---- start ---- */

  function start() {
    $$("[data-toast]").forEach(startToast);
    $("[data-focus-on-load]")?.focus();
    const url = document.body.dataset.keepAliveUrl;
    if (url) setInterval(() => keepAlive(url), KEEP_ALIVE_MS);
  }
  start();
})();
