/* The dashboard on the screen of a meeting room: turns its pages, says when it could not refresh. */
(() => {
  "use strict";

  const TURN_MS = 20_000;
  const screen = document.querySelector("[data-screen]");
  const state = screen.querySelector("[data-state]");
  const turns = screen.querySelector("[data-turns]");
  const pause = screen.querySelector("[data-pause]");
  const full = screen.querySelector("[data-full]");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let page = 0;
  let paused = still.matches;

  const data = () => document.getElementById("screen-data");
  const pages = () => [...screen.querySelectorAll("[data-page]")];
  // On a narrow window both pages stand one below the other.
  const turning = () => matchMedia("(min-width: 1000px)").matches && pages().length > 1;

  function show(number) {
    page = number;
    screen.classList.toggle("is-turning", turning());
    turns.hidden = !turning();
    for (const one of pages()) one.hidden = turning() && Number(one.dataset.page) !== page;
    for (const button of turns.querySelectorAll("[data-turn]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.turn) === page));
    }
  }

  function sayPaused() {
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = paused ? "Tự chuyển trang" : "Dừng chuyển trang";
  }

  turns.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button === pause) {
      paused = !paused;
    } else {
      show(Number(button.dataset.turn));
      paused = true;
    }
    sayPaused();
  });
  setInterval(() => {
    if (!paused && turning() && !screen.contains(document.activeElement?.closest?.("[data-page] a"))) {
      show((page + 1) % pages().length);
    }
  }, TURN_MS);
  addEventListener("resize", () => show(page));

  /* ---- what a refresh came to ---- */
  function say(words, link) {
    state.textContent = words;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link.href;
      anchor.textContent = link.words;
      state.append(" ", anchor);
    }
    state.classList.toggle("is-wrong", Boolean(words));
  }
  const lost = () => say(`Mất kết nối, số liệu lúc ${data().dataset.at}. Màn hình tự thử lại.`);
  const ended = () => say(`Phiên đăng nhập đã hết, số liệu lúc ${data().dataset.at}.`, {
    href: `${screen.dataset.loginUrl}?next=${encodeURIComponent(location.pathname + location.search)}`,
    words: "Đăng nhập lại",
  });
  document.body.addEventListener("htmx:sendError", lost);
  document.body.addEventListener("htmx:timeout", lost);
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 403) ended(); else lost();
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 200) return;
    if (event.detail.serverResponse.includes('id="screen-data"')) return;
    // The sign-in page instead of the figures: keep what is shown.
    event.detail.shouldSwap = false;
    ended();
  });
  document.body.addEventListener("htmx:afterSettle", () => { say(""); show(page); });
  addEventListener("offline", lost);
  addEventListener("online", () => window.htmx?.trigger(data(), "refresh"));

  /* ---- full screen; Escape leaves it, and once more leaves the page ---- */
  if (document.fullscreenEnabled) {
    full.hidden = false;
    full.addEventListener("click", () => {
      if (document.fullscreenElement) document.exitFullscreen(); else document.documentElement.requestFullscreen();
    });
    document.addEventListener("fullscreenchange", () => {
      full.textContent = document.fullscreenElement ? "Thoát toàn màn hình" : "Toàn màn hình";
    });
  }
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.fullscreenElement) screen.querySelector("[data-leave]").click();
  });

  sayPaused();
  show(0);
})();
