/* Choices on their way to the server. Each waits on the device (localStorage, by user and sheet) until the server
   has answered: saved, or refused for good. They go one after another in the order they were made, from one tab
   at a time, also after a reload, a lost network or a session opened again. An act keeps its key, so that the
   server writes it once however often it is sent.

     const queue = openSheetQueue({ user, sheet, url, on });
     queue.add({ code, criterion, option, base })     on.changed(), on.saved(entry, answer), on.conflict(entry, stored),
     queue.entries(), queue.flush(), queue.drop(...)  on.refused(entry, words), on.hold(words)

   On pages of something else `flushSheetQueues(user, report)` sends what other sheets have left. */
"use strict";

(() => {
  const ROOT = "ocop.choices";
  const PATIENCE_MS = 10000;
  const STEPS_MS = [1000, 2000, 4000, 8000, 15000, 30000];
  const PAUSE_MS = 30000;
  const PUT_OFF_MS = 60000;
  const LEASE_MS = PATIENCE_MS + 5000;

  /* ---- what waits: one item of the storage for each act, so that two tabs never overwrite a list ---- */

  // Without a storage, or with a full one, choices last as long as the page; leaving it asks.
  const memory = new Map();
  const local = (() => {
    try {
      localStorage.setItem(`${ROOT}.try`, "1");
      localStorage.removeItem(`${ROOT}.try`);
      return localStorage;
    } catch {
      return null;
    }
  })();
  const store = {
    names: () => [...memory.keys(), ...Object.keys(local ?? {})],
    getItem: (name) => memory.get(name) ?? local?.getItem(name) ?? null,
    setItem(name, value) {
      try {
        if (!local) throw new Error("no storage");
        local.setItem(name, value);
        memory.delete(name);
      } catch {
        memory.set(name, value);
      }
    },
    removeItem(name) {
      memory.delete(name);
      local?.removeItem(name);
    },
  };

  const namesFrom = (prefix) =>
    [...new Set(store.names())].filter((name) => name.startsWith(prefix)).sort();

  // crypto.randomUUID is for secure pages only; offices without a certificate score too.
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  /* ---- one tab sends at a time ---- */

  const tab = newKey();

  async function alone(name, work) {
    if (navigator.locks) return navigator.locks.request(name, work);
    if (!await takeLease(name)) return "wait";
    try {
      return await work();
    } finally {
      store.removeItem(name);
    }
  }

  async function takeLease(name) {
    const held = JSON.parse(store.getItem(name) ?? "null");
    if (held && held.tab !== tab && held.until > Date.now()) return false;
    store.setItem(name, JSON.stringify({ tab, until: Date.now() + LEASE_MS }));
    await new Promise((resolve) => { setTimeout(resolve, 40); });
    return JSON.parse(store.getItem(name) ?? "null")?.tab === tab;
  }

  /* ---- sending one act ---- */

  // `kind`: saved, conflict, paused, refused, ended (no session), offline (no answer that says anything).
  async function send(entry, user) {
    const body = new URLSearchParams({
      criterion: entry.criterion, option: entry.option, c: entry.code, key: entry.key, user,
    });
    if (entry.base !== null) body.set("base", entry.base);
    try {
      const answer = await fetch(entry.url, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-CSRFToken": window.ocop.freshToken() ?? "" },
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (answer.type === "opaqueredirect") return { kind: "ended" };
      const said = await answer.json();
      if (answer.ok) return { kind: "saved", said };
      if (said.reason === "conflict") return { kind: "conflict", said };
      if (["paused", "other_user"].includes(said.reason)) return { kind: "paused", said };
      return said.reason === "refused" ? { kind: "refused", said } : { kind: "offline" };
    } catch {
      return { kind: "offline" };
    }
  }

  /* ---- the queue of one sheet ---- */

  window.openSheetQueue = ({ user, sheet, url, on }) => {
    const prefix = `${ROOT}.${user}.${sheet}.`;
    const lock = `${ROOT}-lock.${user}.${sheet}`;
    const others = "BroadcastChannel" in window ? new BroadcastChannel(prefix) : null;
    let state = "idle";
    let failures = 0;
    let timer = 0;
    let running = null;
    let putOff = false;

    const entries = () => namesFrom(prefix).map((name) => ({ ...JSON.parse(store.getItem(name)), name }));
    const keep = ({ name, ...entry }) => store.setItem(name, JSON.stringify(entry));
    const ofLeaf = (code) => entries().filter((entry) => entry.code === code);
    const isThere = (entry) => store.getItem(entry.name) !== null;

    function become(next) {
      state = next;
      on.changed();
    }

    function tell(kind, ...what) {
      on[kind]?.(...what);
      others?.postMessage({ kind, what });
    }

    // `base`: the revision the page knew when the choice was made; after another act on the same leaf, what
    // that one becomes.
    function add({ code, criterion, option, base }) {
      const waiting = entries();
      const before = waiting.findLast((entry) => entry.code === code);
      const last = waiting.at(-1)?.name.slice(prefix.length).split(".")[0] ?? "0";
      const key = newKey();
      const name = `${prefix}${String(Number(last) + 1).padStart(9, "0")}.${key}`;
      keep({ name, key, code, criterion, option, url, base: before ? null : base, after: before?.key ?? null });
      failures = 0;
      if (state === "idle") become("sending");
      else on.changed();
      others?.postMessage({ kind: "changed", what: [] });
      return flush();
    }

    function drop(entry, revision) {
      ofLeaf(entry.code)
        .filter((later) => later.after === entry.key)
        .forEach((later) => keep({ ...later, after: null, base: revision }));
      store.removeItem(entry.name);
    }

    function dropLeaf(code) {
      ofLeaf(code).forEach((entry) => store.removeItem(entry.name));
    }

    function again(milliseconds) {
      clearTimeout(timer);
      timer = setTimeout(flush, milliseconds);
    }

    // Until nothing waits, or something has to be waited for.
    function flush() {
      clearTimeout(timer);
      running ??= alone(lock, drain).finally(() => { running = null; }).then(goOn);
      return running;
    }

    function goOn(end) {
      if (end === "wait") return again(1000);
      if (state === "ended") return askToSignIn();
      return entries().length && state === "sending" ? flush() : undefined;
    }

    // Outside of the lock: another tab may be signed in meanwhile.
    async function askToSignIn() {
      if (putOff || document.hidden || !on.ended) return;
      if (await on.ended()) return resume();
      putOff = true;
      setTimeout(() => { putOff = false; }, PUT_OFF_MS);
      again(PUT_OFF_MS + 1);
    }

    async function drain() {
      for (let [entry] = entries(); entry; [entry] = entries()) {
        if (state !== "waiting") become("sending");
        const { kind, said } = await send(entry, user);
        if (!take(entry, kind, said)) return "stop";
      }
      failures = 0;
      become("idle");
      return "done";
    }

    // True when the next one may go.
    function take(entry, kind, said) {
      if (kind === "saved") {
        failures = 0;
        drop(entry, said.revision);
        state = "sending";
        tell("saved", entry, said);
        return true;
      }
      if (kind === "refused") {
        drop(entry, entry.base);
        tell("refused", entry, said.message);
        return true;
      }
      if (kind === "conflict") {
        become("conflict");
        tell("conflict", ofLeaf(entry.code).at(-1) ?? entry, said.stored);
      } else if (kind === "paused") {
        become("paused");
        tell("hold", said.message);
        again(PAUSE_MS);
      } else if (kind === "ended") {
        become("ended");
      } else {
        become("waiting");
        again(STEPS_MS[Math.min(failures, STEPS_MS.length - 1)]);
        failures += 1;
      }
      return false;
    }

    // The member decided between two versions: one act on the leaf remains, on top of what is stored.
    function decide(code, criterion, option, revision) {
      dropLeaf(code);
      state = "idle";
      others?.postMessage({ kind: "decided", what: [] });
      return add({ code, criterion, option, base: revision });
    }

    function resume() {
      if (!entries().length) return;
      failures = 0;
      flush();
    }

    others?.addEventListener("message", ({ data }) => {
      if (data.kind === "saved" && !entries().length) state = "idle";
      on[data.kind]?.(...data.what);
      on.changed();
    });
    window.addEventListener("online", resume);
    window.addEventListener("storage", () => on.changed());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) resume(); });
    window.addEventListener("beforeunload", (event) => { if (entries().length) event.preventDefault(); });

    return { add, decide, flush, resume, entries, isThere, size: () => entries().length, state: () => state };
  };

  /* ---- what other sheets of this person have left on the device ---- */

  // Sends it from any page of sheets; only what is saved goes, the rest waits for its own page. `report` gets the
  // addresses of sheets with something left: sheet id -> how many.
  window.flushSheetQueues = async (user, report, except = "") => {
    const mine = `${ROOT}.${user}.`;
    const sheets = new Set(namesFrom(mine).map((name) => name.slice(mine.length).split(".")[0]));
    sheets.delete(except);
    const left = new Map();
    for (const sheet of sheets) {
      await alone(`${ROOT}-lock.${user}.${sheet}`, async () => {
        for (const name of namesFrom(`${mine}${sheet}.`)) {
          const entry = JSON.parse(store.getItem(name));
          const { kind, said } = await send(entry, user);
          if (kind !== "saved") break;
          namesFrom(`${mine}${sheet}.`).forEach((later) => {
            const next = JSON.parse(store.getItem(later));
            if (next.after !== entry.key) return;
            store.setItem(later, JSON.stringify({ ...next, after: null, base: said.revision }));
          });
          store.removeItem(name);
        }
      });
      const count = namesFrom(`${mine}${sheet}.`).length;
      if (count) left.set(sheet, count);
    }
    report(left);
  };
})();
