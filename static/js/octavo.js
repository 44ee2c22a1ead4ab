/*
 * What makes the pages quicker to use. Every page works without it.
 * No markup is made from text here: only text nodes and attributes.
 */
"use strict";

const root = document.documentElement;
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
root.classList.add("js");

/* What this browser keeps of a writer's text. A storage that is closed to us is no error. */
const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, kept) {
    try {
      localStorage.setItem(key, JSON.stringify(kept));
    } catch {
      // No room, or none for us: the text is on the page still.
    }
  },
  forget(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Then it was not kept either.
    }
  },
  keys(prefix) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  },
};

/* Toasts ------------------------------------------------------------------------ */

const QUIET_AFTER_MS = 8000;

function toast(text, kind = "error") {
  const box = document.createElement("div");
  const words = document.createElement("span");
  const close = document.createElement("button");
  box.className = `toast ${kind}`;
  words.textContent = text;
  close.className = "button quiet";
  close.type = "button";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", "Dismiss");
  close.textContent = "×";
  box.append(words, close);
  // One at a time: ten failed votes are one piece of news.
  all("#toasts .toast[data-made]").forEach((old) => old.remove());
  box.dataset.made = "";
  one("#toasts").append(box);
  forget(box);
}

function forget(box) {
  // News of a failure stays until it is dismissed; good news leaves, unless it is being read.
  if (box.matches(".error, .warning")) return;
  const leave = () => (box.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : box.remove());
  setTimeout(leave, QUIET_AFTER_MS);
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
});

/* Requests ---------------------------------------------------------------------- */

const UNREACHABLE = "Could not reach the site. Nothing was lost.";
const ANSWERS = new Map([
  [403, "That was refused. If this page has been open for a long time, reload it first."],
  [404, "That no longer exists."],
  [429, "Too many requests. Wait a moment, then try again."],
]);

document.addEventListener("htmx:sendError", () => toast(UNREACHABLE));
document.addEventListener("htmx:timeout", () => toast(UNREACHABLE));
document.addEventListener("htmx:responseError", (event) => {
  const known = ANSWERS.get(event.detail.xhr.status);
  toast(known ?? "Something went wrong on our side. Nothing was lost.");
});

// The link that unfolds an abstract also folds it, and keeps the focus. The abstract is loaded once.
function toggleAbstract(link, isOpen) {
  link.closest(".card").querySelector(".abstract").classList.toggle("is-open", isOpen);
  link.setAttribute("aria-expanded", String(isOpen));
  link.firstChild.data = isOpen ? "Less" : "More";
}

document.addEventListener("htmx:afterSwap", (event) => {
  const link = event.detail.requestConfig?.elt;
  if (!link?.matches(".more")) return;
  link.dataset.whole = "";
  toggleAbstract(link, true);
});

document.addEventListener("htmx:confirm", (event) => {
  const link = event.target;
  if (!link.matches(".more[data-whole]")) return;
  event.preventDefault();
  const isOpen = link.getAttribute("aria-expanded") !== "true";
  toggleAbstract(link, isOpen);
  if (!isOpen) link.closest(".card").scrollIntoView({ block: "nearest" });
});

// A form that was swapped took the focus with it: on to what is wrong, or to what it marks.
document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.detail.requestConfig?.elt?.matches("form")) return;
  const wrong = one('[aria-invalid="true"]', event.target);
  if (wrong) wrong.focus();
  else if (document.activeElement === document.body) one("[data-refocus]", event.target)?.focus({ preventScroll: true });
});

// A second press of the same button sends nothing; coming back to the page frees it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => free(form), 10_000);
});

function free(form) {
  delete form.dataset.sent;
  all("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

window.addEventListener("pageshow", () => all("form[data-sent]").forEach(free));

/* Menus and dialogs ------------------------------------------------------------- */

function closeMenus(except) {
  for (const menu of all("details.menu[open]")) {
    if (menu === except) continue;
    // An element that gets hidden would lose the focus.
    if (menu.contains(document.activeElement)) one("summary", menu).focus({ preventScroll: true });
    menu.open = false;
  }
}

// On a press, because a tap outside of controls is no click in Safari; and when the focus moves.
for (const name of ["pointerdown", "focusin"]) {
  document.addEventListener(name, (event) => closeMenus(event.target.closest("details.menu")));
}

document.addEventListener("click", (event) => {
  // Choosing from a menu closes it.
  const isChosen = event.target.closest(".menu-panel :is(a, button)");
  closeMenus(isChosen ? null : event.target.closest("details.menu"));
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    dialog.showModal();
  }
  if (event.target.matches("dialog[open]")) closeIfOutside(event.target, event);
  if (event.target.closest("[data-back]") && history.length > 1) {
    event.preventDefault();
    history.back();
  }
});

function closeIfOutside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  const inside = clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom;
  if (!inside) dialog.close();
}

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches?.("details.menu[open]")) one("[data-focus]", event.target)?.focus();
  },
  true,
);

/* Links to copy ------------------------------------------------------------------- */

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy]");
  // Without a secure connection there is no clipboard: it stays a link.
  if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(link.href);
    toast("Link copied.", "success");
  } catch {
    location.assign(link.href);
  }
});

/* Fields ------------------------------------------------------------------------- */

// The browser cuts what is pasted at a maxlength, and says nothing. So the limit is counted here,
// and the server refuses what is longer and keeps it in the form.
const LIMITED = ":is(input:not([type=hidden]), textarea)[data-limit]";
const limitOf = (field) => Number(field.dataset.limit);
// Code points, without the white space around the text: as the server counts.
const lengthOf = (field) => [...field.value.trim()].length;
const counters = new WeakMap();

const characters = (number) => `${number.toLocaleString("en")} character${number === 1 ? "" : "s"}`;

function count(field) {
  const limit = limitOf(field);
  const left = limit - lengthOf(field);
  const isNear = left <= limit / 10;
  if (!isNear && !counters.has(field)) return;
  const counter = counters.get(field) ?? makeCounter(field);
  const isOver = left < 0;
  // Read out when it appears and when the limit is passed, and not at each key.
  counter.ariaLive = counter.hidden || isOver !== counter.matches(".is-over") ? "polite" : "off";
  counter.hidden = !isNear;
  counter.classList.toggle("is-over", isOver);
  counter.textContent = isOver ? `${characters(-left)} too many` : `${characters(left)} left`;
  if (field.form) explain(field.form);
}

function makeCounter(field) {
  const counter = document.createElement("span");
  counter.className = "counter";
  counter.id = `${field.id || field.name}-counter`;
  counter.hidden = true;
  field.insertAdjacentElement("afterend", counter);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${counter.id}`.trim());
  counters.set(field, counter);
  return counter;
}

const tooLong = (form) => [...form.elements].find((field) => field.matches(LIMITED) && lengthOf(field) > limitOf(field));
// Buttons that do not save their form: a preview, or one with another address.
const UNSAVED = '[name="preview"], [formaction]';

// The buttons of a form that cannot be sent say why.
function explain(form) {
  const field = tooLong(form);
  const why = field && counters.get(field);
  for (const button of form.elements) {
    if (button.type !== "submit" || button.matches(UNSAVED)) continue;
    if (why) {
      button.ariaDisabled = "true";
      button.title = why.textContent;
      button.setAttribute("aria-describedby", why.id);
    } else if (button.ariaDisabled) {
      button.ariaDisabled = null;
      button.removeAttribute("title");
      button.removeAttribute("aria-describedby");
    }
  }
}

// Before htmx, which listens to the form itself.
document.addEventListener(
  "submit",
  (event) => {
    const field = event.submitter?.matches(UNSAVED) ? null : tooLong(event.target);
    if (!field) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    toast(`Not sent: ${counters.get(field)?.textContent ?? "the text is too long"}.`);
    field.focus();
  },
  true,
);

document.addEventListener("input", (event) => {
  if (event.target.matches(LIMITED)) count(event.target);
});
document.addEventListener("htmx:load", (event) => all(LIMITED, event.detail.elt).forEach(count));
// What the browser fills in again after Back.
window.addEventListener("pageshow", () => all(LIMITED).forEach(count));

/* Keyboard ----------------------------------------------------------------------- */

const SHORTCUTS_KEY = "octavo-shortcuts";
const SECOND_KEY_WITHIN_MS = 1200;
let awaited = 0;

const shortcutsAreOff = () => {
  try {
    return localStorage.getItem(SHORTCUTS_KEY) === "off";
  } catch {
    return false; // storage is closed to us: the shortcuts stay as they came
  }
};

function keepShortcuts(on) {
  try {
    localStorage.setItem(SHORTCUTS_KEY, on ? "on" : "off");
  } catch {
    // Nothing to keep it in: the choice holds until the page is left.
  }
}

// What j and k step through: papers in a list, comments in a thread that are not folded away.
const STOPS = ".card, .comment";
const cards = () => all(STOPS).filter((stop) => stop.checkVisibility());
const current = () => all(".is-current").find((stop) => stop.matches(STOPS));

function stepTo(card) {
  if (!card) return;
  current()?.classList.remove("is-current");
  card.classList.add("is-current");
  one("h2 a, .by .at", card)?.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  // A comment holds its replies too, and may be taller than the window: its head is what counts.
  (one(".by", card) ?? card).scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

function step(by) {
  const list = cards();
  const at = list.indexOf(current());
  if (at >= 0) stepTo(list[Math.min(list.length - 1, Math.max(0, at + by))]);
  else stepTo(list.find((card) => card.getBoundingClientRect().bottom > 80));
}

function seek() {
  const field = one("[data-search]");
  const jump = one("details[data-jump]");
  if (field) field.focus();
  else if (jump) jump.open = true;
  return Boolean(field || jump);
}

const acts = {
  j: () => step(1),
  k: () => step(-1),
  o: () => current() && one("h2 a", current())?.click(),
  u: () => one(".vote, .up", current() ?? one("main.full") ?? undefined)?.click(),
  "/": seek,
  "?": () => one("#keys")?.showModal(),
  g: () => (awaited = performance.now()),
};

function isTyping(target) {
  return target.isContentEditable || target.matches?.("input, textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    closeMenus();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || one("dialog[open]") || shortcutsAreOff()) return;
  const isSecond = performance.now() - awaited < SECOND_KEY_WITHIN_MS && awaited > 0;
  awaited = 0;
  if (isSecond) {
    const link = all("[data-keys]").find((element) => element.dataset.keys === event.key);
    if (link) {
      event.preventDefault();
      location.assign(link.href);
    }
  } else if (Object.hasOwn(acts, event.key) && acts[event.key]() !== false) {
    event.preventDefault();
  }
});

document.addEventListener("focusin", (event) => {
  const card = event.target.closest?.(STOPS);
  if (card && card !== current() && event.target.matches(":focus-visible")) {
    current()?.classList.remove("is-current");
    card.classList.add("is-current");
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-shortcuts]")) keepShortcuts(event.target.checked);
});

/* What scrolls sideways ----------------------------------------------------------- */

// A slanted letter reaches out of its box a little; nobody scrolls for that.
const SLANT_PX = 4;

const WIDE = "math, .scroll, .formula, .display-maths";
const TALL = ".case-said, .answered .said, .case-parent .said, .case-plea, .case-revisions pre, .pointed blockquote";

// What is too wide or too tall can be scrolled by keyboard too, and only then takes a tab stop.
function letScroll() {
  for (const box of all(`${WIDE}, ${TALL}`)) {
    const isWide = box.scrollWidth > box.clientWidth + SLANT_PX && getComputedStyle(box).overflowX === "auto";
    const isTall = box.matches(TALL) && box.scrollHeight > box.clientHeight + SLANT_PX && getComputedStyle(box).overflowY === "auto";
    if (isWide || isTall) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

// What was folded had no size. Many that come open are measured once.
let measuring = 0;

function letScrollSoon() {
  cancelAnimationFrame(measuring);
  measuring = requestAnimationFrame(letScroll);
}

document.addEventListener("toggle", letScrollSoon, true);
document.addEventListener("htmx:afterSettle", letScroll);
window.addEventListener("resize", letScroll);

/* Start -------------------------------------------------------------------------- */

letScroll();
all("#toasts .toast").forEach(forget);
all("[data-shortcuts]").forEach((box) => {
  box.checked = !shortcutsAreOff();
  box.closest("[hidden]")?.removeAttribute("hidden");
});
