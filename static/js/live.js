/*
 * The room while a group meets: asks every few seconds whether something changed, and puts in
 * only what did. Markup comes from the site alone; from text only text is made.
 */
"use strict";

{
  const ASK_EVERY_MS = 3000;
  const ASK_HIDDEN_MS = 30_000;
  const ASK_FAILING_MS = 60_000;
  const GIVE_UP_MS = 10_000;
  const PARTS = ["here", "agenda", "questions", "live-minutes"];
  const BEHIND = "Not up to date: trying again.";
  const room = one("#room");

  /* Asking ---------------------------------------------------------------------------- */

  let beat = room?.dataset.beat ?? "";
  let waiting = 0;
  let isAsking = false;
  // Something was done while an answer was on its way.
  let isStale = false;
  let failures = 0;
  let isOver = false;

  function pause() {
    const usual = document.hidden ? ASK_HIDDEN_MS : ASK_EVERY_MS;
    // Not all at once after a restart, and seldom while the site is away.
    return Math.min(ASK_FAILING_MS, usual * 2 ** failures) * (0.85 + Math.random() * 0.3);
  }

  function askLater() {
    clearTimeout(waiting);
    if (!isOver) waiting = setTimeout(ask, pause());
  }

  async function ask() {
    if (isOver) return;
    if (isAsking) {
      isStale = true;
      return;
    }
    isAsking = true;
    isStale = false;
    clearTimeout(waiting);
    try {
      const url = `${room.dataset.news}?${new URLSearchParams({ beat })}`;
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(GIVE_UP_MS) });
      await take(answer);
    } catch {
      failures += 1;
      say(BEHIND);
    }
    isAsking = false;
    if (isStale && !failures) ask();
    else askLater();
  }

  async function take(answer) {
    const isOut = answer.headers.has("HX-Redirect");
    if (isOut || answer.status === 403 || answer.status === 404) {
      isOver = true;
      say(isOut ? "You are signed out. What you typed is still here." : "This page is no longer open to you.");
      return;
    }
    if (!answer.ok) throw new Error(`News answered ${answer.status}.`);
    failures = 0;
    if (one("#room-news").textContent === BEHIND) say("");
    if (answer.status === 200) show(await answer.text());
  }

  const say = (text) => (one("#room-news").textContent = text);

  /* Showing ---------------------------------------------------------------------------- */

  const shown = new Map();

  function show(markup) {
    const news = one("[data-beat]", new DOMParser().parseFromString(markup, "text/html"));
    if (!news) return;
    beat = news.dataset.beat;
    setClock(news.dataset.now);
    const before = told();
    for (const id of PARTS) {
      const fresh = one(`#${id}`, news);
      if (fresh && !fresh.isEqualNode(shown.get(id) ?? null)) {
        shown.set(id, fresh.cloneNode(true));
        put(fresh, document.getElementById(id));
      }
    }
    announce(before, told());
  }

  function put(fresh, old) {
    if (!old) return;
    const made = document.importNode(fresh, true);
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    // What the reader unfolded or folded stays so.
    for (const was of all("details[id]", old)) {
      const now = all("details[id]", made).find((each) => each.id === was.id);
      if (now) now.open = was.open;
    }
    old.replaceWith(made);
    htmx.process(made);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    tick();
  }

  /* In words, and only what everybody should hear of. */

  const told = () => ({
    phase: one("[data-phase]")?.textContent ?? "",
    point: one("[data-running]")?.textContent ?? "",
  });

  function announce(before, now) {
    if (before.phase !== now.phase) say(`The meeting: ${now.phase}.`);
    else if (now.point && before.point !== now.point) say(`Now: ${now.point}`);
  }

  /* The timer ---------------------------------------------------------------------------- */

  // Our clock may be wrong; the site's is the one that counts.
  let ahead = 0;

  function setClock(seconds) {
    const theirs = Number(seconds) * 1000;
    if (theirs) ahead = Date.now() - theirs;
  }

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

  function tick() {
    const timer = one("[data-timer]");
    if (!timer) return;
    const gone = Math.floor((Date.now() - ahead) / 1000) - Number(timer.dataset.started);
    const left = Number(timer.dataset.minutes) * 60 - Math.max(0, gone);
    timer.textContent = left >= 0 ? `${clock(left)} left` : `${clock(-left)} over`;
    timer.classList.toggle("is-over", left < 0);
  }

  if (room) {
    setClock(room.dataset.now);
    // With this script nobody refreshes by hand.
    one("[data-refresh]", room)?.remove();
    tick();
    setInterval(tick, 1000);
    askLater();
    document.addEventListener("visibilitychange", () => (document.hidden ? askLater() : ask()));
    // What the reader did themselves shows at once.
    document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && ask());
  }
}
