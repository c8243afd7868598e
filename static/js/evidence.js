/* Files dropped or chosen are sent one by one, each with its own progress, cancel and retry. Markup:

     <section data-upload data-drop data-upload-url="…" data-upload-list="#list" | data-upload-replace="#block">
       <form data-drop-zone>… <input type="file" multiple data-upload-input> …</form>
       <ul data-upload-progress></ul>
     </section>

   The server answers 201 with the fragment: it is put on top of the list, or in place of the block; parts with
   hx-swap-oob take the place of those with the same id. 422 is a refusal in words, shown beside the file's name.
   Where [data-drop] stands on a larger element, files may be dropped anywhere on it. Without this file the form
   sends all files at once. */
"use strict";

(() => {
  const AT_ONCE = 2;
  const RETRY_MS = 5000;
  const RETRIES = 6;
  const $ = (selector, root = document) => root.querySelector(selector);
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1]
    || $("[name=csrfmiddlewaretoken]")?.value || "";
  const loginPath = document.body.dataset.loginUrl;

  const waiting = [];
  let running = 0;
  const isBusy = () => running > 0 || waiting.length > 0;
  window.addEventListener("beforeunload", (event) => { if (isBusy()) event.preventDefault(); });

  /* ---- a file on its way ---- */

  function rowFor(area, file) {
    const row = $("#upload-row").content.firstElementChild.cloneNode(true);
    $(".upload-name", row).textContent = file.name;
    $("progress", row).setAttribute("aria-label", file.name);
    ($("[data-upload-progress]", area) || area).append(row);
    return row;
  }

  function say(upload, word, kind = "") {
    $(".upload-word", upload.row).textContent = word;
    upload.row.dataset.kind = kind;
  }

  function enqueue(area, files) {
    [...files].forEach((file) => {
      const upload = { area, file, url: area.dataset.uploadUrl, row: rowFor(area, file), tries: 0 };
      $("[data-upload-cancel]", upload.row).addEventListener("click", () => cancel(upload));
      $("[data-upload-retry]", upload.row).addEventListener("click", () => { upload.tries = 0; again(upload); });
      say(upload, "Đang chờ");
      waiting.push(upload);
    });
    next();
  }

  function next() {
    while (running < AT_ONCE && waiting.length) send(waiting.shift());
  }

  function again(upload) {
    clearTimeout(upload.timer);
    $("[data-upload-retry]", upload.row).hidden = true;
    say(upload, "Đang chờ");
    waiting.push(upload);
    next();
  }

  function cancel(upload) {
    clearTimeout(upload.timer);
    const place = waiting.indexOf(upload);
    if (place >= 0) waiting.splice(place, 1);
    upload.request?.abort();
    upload.row.remove();
  }

  function send(upload) {
    running += 1;
    upload.tries += 1;
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("files", upload.file, upload.file.name);
    const bar = $("progress", upload.row);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const share = Math.floor((event.loaded / event.total) * 100);
      bar.value = share;
      say(upload, share < 100 ? `${share}%` : "Đang kiểm tra tệp…");
    });
    request.addEventListener("load", () => answered(upload, request));
    request.addEventListener("error", () => failed(upload));
    request.addEventListener("timeout", () => failed(upload));
    request.addEventListener("loadend", () => { running -= 1; upload.request = null; next(); });
    request.open("POST", upload.url);
    request.setRequestHeader("X-Upload", "1");
    request.setRequestHeader("X-CSRFToken", token());
    upload.request = request;
    say(upload, "0%");
    request.send(body);
  }

  function answered(upload, request) {
    const atLogin = request.responseURL && new URL(request.responseURL).pathname === loginPath;
    if (atLogin) return stopped(upload, "Phiên làm việc đã hết. Đăng nhập lại ở một thẻ khác rồi bấm Thử lại.", true);
    if (request.status === 201) return taken(upload, request.responseText);
    if (request.status === 422) return stopped(upload, request.responseText);
    if (request.status === 403) return stopped(upload, "Tài khoản này không được thêm minh chứng, hoặc trang đã cũ: hãy tải lại trang.", true);
    if (request.status === 404) return stopped(upload, "Không tìm thấy hồ sơ. Hãy tải lại trang.");
    if (request.status === 413) return stopped(upload, "Tệp quá lớn, máy chủ không nhận.");
    return failed(upload);
  }

  // The network or the server: tried again by itself, then by hand.
  function failed(upload) {
    $("progress", upload.row).value = 0;
    if (upload.tries >= RETRIES) return stopped(upload, "Chưa gửi được. Kiểm tra mạng rồi bấm Thử lại.", true);
    say(upload, "Mất kết nối, sẽ tự gửi lại…", "failed");
    $("[data-upload-retry]", upload.row).hidden = false;
    upload.timer = setTimeout(() => again(upload), RETRY_MS);
    return undefined;
  }

  function stopped(upload, words, mayRetry = false) {
    say(upload, words, "refused");
    $("progress", upload.row).hidden = true;
    $("[data-upload-retry]", upload.row).hidden = !mayRetry;
    $("[data-upload-cancel]", upload.row).textContent = "Đóng";
  }

  function taken(upload, html) {
    const fragment = document.createRange().createContextualFragment(html);
    [...fragment.querySelectorAll("[hx-swap-oob]")].forEach((part) => {
      part.removeAttribute("hx-swap-oob");
      part.remove();
      replace(document.getElementById(part.id), part);
    });
    const { uploadList, uploadReplace } = upload.area.dataset;
    const arrived = [...fragment.children];
    upload.row.remove();
    if (uploadReplace && $(uploadReplace)?.dataset.uploadUrl !== upload.url) {
      // The block was opened or closed meanwhile: it is asked for as it stands now.
      window.htmx?.ajax("GET", $(uploadReplace).dataset.uploadUrl, { target: uploadReplace, swap: "outerHTML" });
    } else if (uploadReplace) replace($(uploadReplace), arrived[0]);
    else if (uploadList) $(uploadList).prepend(...arrived);
    $(".paper-none")?.remove();
    arrived.forEach((part) => window.htmx?.process(part));
    arrived[0]?.setAttribute("data-new", "");
  }

  function replace(old, fresh) {
    if (!old || !fresh || window.isOlderThan(old, fresh)) return;
    const rows = [...old.querySelectorAll(".upload-row")];
    old.replaceWith(fresh);
    // Files still on their way keep their rows.
    $("[data-upload-progress]", fresh)?.append(...rows);
    window.htmx?.process(fresh);
  }

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches?.("[data-upload-input]") || !input.files.length) return;
    enqueue(input.closest("[data-upload]"), input.files);
    input.value = "";
  });

  /* ---- drag and drop ---- */

  const areaOf = (event) => {
    const place = event.target.closest?.("[data-drop]");
    return place && (place.matches("[data-upload]") ? place : $("[data-upload]", place));
  };
  const hasFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  let lit = null;

  function light(place) {
    if (lit === place) return;
    lit?.classList.remove("is-over");
    lit = place;
    lit?.classList.add("is-over");
  }

  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    const area = areaOf(event);
    // Outside, the browser would leave the page and open the file.
    event.preventDefault();
    event.dataTransfer.dropEffect = area ? "copy" : "none";
    light(area ? event.target.closest("[data-drop]") : null);
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) light(null); });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    light(null);
    const area = areaOf(event);
    if (area) enqueue(area, event.dataTransfer.files);
  });

  document.documentElement.classList.add("can-upload");
})();
