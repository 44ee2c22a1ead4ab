/*
 * A thread while it is read: what is new in it, how far it was read, and its shortcuts.
 * Markup comes from the site alone; from text only text is made.
 */
"use strict";

{
  const ASK_EVERY_MS = 20_000;
  const ASK_SELDOM_MS = 120_000;
  const SELDOM_AFTER_MS = 3_600_000;
  const SEEN_AFTER_MS = 2000;
  const thread = one("#thread");

  /* Asking for news ---------------------------------------------------------------- */

  const openedAt = performance.now();
  let asking = 0;
  let askedAt = performance.now();
  let failures = 0;
  let bar = null;

  const newest = () => Number(thread.dataset.newest ?? thread.dataset.latest) || 0;

  function pause() {
    const usual = performance.now() - openedAt > SELDOM_AFTER_MS ? ASK_SELDOM_MS : ASK_EVERY_MS;
    // Not all at once after a restart, and seldom while the site is away.
    return Math.min(ASK_SELDOM_MS, usual * 2 ** failures) * (0.85 + Math.random() * 0.3);
  }

  function askLater() {
    clearTimeout(asking);
    if (!document.hidden) asking = setTimeout(ask, Math.max(0, askedAt + pause() - performance.now()));
  }

  async function ask() {
    askedAt = performance.now();
    try {
      const answer = await fetch(newsUrl(), { headers: { "HX-Request": "true" } });
      failures = answer.ok ? 0 : failures + 1;
      if (answer.status === 200) announce(await answer.text());
    } catch {
      failures += 1; // the site is away: nobody asked for this, so nobody is told
    }
    askLater();
  }

  const newsUrl = (extra = {}) => `${thread.dataset.news}?${new URLSearchParams({ after: newest(), ...extra })}`;

  function makeBar() {
    const made = document.createElement("div");
    made.className = "news";
    made.setAttribute("role", "status");
    thread.append(made);
    return made;
  }

  function announce(markup) {
    if (bar.dataset.markup === markup) return;
    bar.dataset.markup = markup;
    bar.replaceChildren(parsed(markup));
  }

  function parsed(markup) {
    const content = document.createDocumentFragment();
    content.append(...new DOMParser().parseFromString(markup, "text/html").body.childNodes);
    return content;
  }

  /* Showing them --------------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-news-show]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    // A press of Enter is a click without one.
    if (!link.ariaBusy) show(link, event.detail === 0);
  });

  async function show(link, byKeyboard) {
    link.ariaBusy = "true";
    try {
      const answer = await fetch(newsUrl({ show: "1" }), { headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(`News answered ${answer.status}.`);
      place(parsed(await answer.text()), byKeyboard);
    } catch {
      link.ariaBusy = null;
      toast("Could not reach the site; nothing was lost.");
    }
  }

  function place(content, byKeyboard) {
    const news = one("[data-newest]", content);
    const elsewhere = [];
    const placed = [];
    keepInPlace(() => {
      for (const box of news ? all("[data-into]", news) : []) {
        const comment = box.firstElementChild;
        if (!comment || document.getElementById(comment.id)) continue;
        if (put(comment, box.dataset.into)) placed.push(comment);
        else elsewhere.push(comment);
      }
    });
    if (news) {
      thread.dataset.newest = thread.dataset.latest = news.dataset.newest;
      one("#comment-count").textContent = news.dataset.count;
    }
    one("#no-comments")?.remove();
    bar.replaceChildren(...(elsewhere.length ? [pointer(elsewhere)] : []));
    delete bar.dataset.markup;
    if (byKeyboard && placed.length) focusOn(placed[0]);
    seeSoon();
  }

  function put(comment, parent) {
    const list = document.getElementById(parent ? `replies-${parent}` : "comments");
    // A page that shows one branch or a later part has no place for a new beginning.
    if (!list || (!parent && one(".branch-note", thread))) return false;
    const isOldestFirst = new URLSearchParams(location.search).get("sort") === "oldest";
    if (!parent && isOldestFirst && one("#thread-more a")) return false;
    if (!parent && !isOldestFirst) list.prepend(comment);
    else list.insertBefore(comment, one(":scope > .rest", list));
    comment.classList.add("is-fresh");
    htmx.process(comment);
    return true;
  }

  // What is read stays where it is, whatever comes above it.
  function keepInPlace(change) {
    const line = innerHeight / 3;
    const comments = all(".comment", thread);
    const above = comments.filter((comment) => comment.getBoundingClientRect().top <= line);
    const held = above.at(-1);
    const isRead = held && thread.getBoundingClientRect().top < 0;
    const before = isRead ? held.getBoundingClientRect().top : 0;
    // The browser's own holding would move it a second time.
    root.classList.add("is-placing");
    change();
    if (isRead) scrollBy({ top: held.getBoundingClientRect().top - before, behavior: "instant" });
    requestAnimationFrame(() => requestAnimationFrame(() => root.classList.remove("is-placing")));
  }

  function pointer(comments) {
    const line = document.createElement("p");
    line.className = "elsewhere";
    line.append("Elsewhere in this thread: ");
    comments.forEach((comment, at) => {
      const link = document.createElement("a");
      link.href = `/comments/${comment.id.replace("comment-", "")}`;
      link.textContent = one(".name", comment)?.textContent ?? "a comment";
      if (at) line.append(", ");
      line.append(link);
    });
    const close = document.createElement("button");
    close.type = "button";
    close.className = "link";
    close.textContent = "Dismiss";
    close.addEventListener("click", () => line.remove());
    line.append(" ", close);
    return line;
  }

  function focusOn(comment) {
    comment.tabIndex = -1;
    comment.focus();
    comment.addEventListener("blur", () => comment.removeAttribute("tabindex"), { once: true });
  }

  /* How far it was read --------------------------------------------------------------- */

  let seeing = 0;
  let seenUpTo = 0;

  function seeSoon() {
    clearTimeout(seeing);
    if (thread.dataset.seen && !document.hidden) seeing = setTimeout(see, SEEN_AFTER_MS);
  }

  async function see() {
    // Up to what stands on this page, which may be a part of the thread.
    const latest = Number(thread.dataset.latest) || 0;
    if (latest <= seenUpTo) return;
    seenUpTo = latest;
    const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
    try {
      await fetch(thread.dataset.seen, {
        method: "POST",
        headers: { ...headers, "HX-Request": "true" },
        body: new URLSearchParams({ up_to: latest }),
        keepalive: true,
      });
    } catch {
      seenUpTo = 0; // they stay new until the next visit
    }
  }

  if (thread?.dataset.news) {
    bar = makeBar();
    askLater();
    seeSoon();
    document.addEventListener("visibilitychange", () => {
      askLater();
      seeSoon();
    });
  }

  /* Replies and quotes ------------------------------------------------------------------ */

  document.addEventListener("click", (event) => {
    const slot = event.target.closest("[data-close-form]")?.closest(".reply-slot");
    if (!slot) return;
    event.preventDefault();
    closeForm(slot);
  });

  function closeForm(slot) {
    slot.replaceChildren();
    one(".reply-link", slot.closest(".comment"))?.focus();
  }

  // Escape closes a form in which nothing was typed.
  document.addEventListener("keydown", (event) => {
    const slot = event.key === "Escape" && event.target.closest?.(".reply-slot");
    const text = slot && one('textarea[name="text"]', slot);
    if (text && text.value === text.defaultValue) closeForm(slot);
  });

  // Ctrl+Enter posts. A key that is held down posts once, as a second press does.
  document.addEventListener("keydown", (event) => {
    const isPost = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing;
    const form = isPost && event.target.matches("textarea, input") && event.target.closest("form.comment-form");
    if (!form) return;
    event.preventDefault();
    if (!event.repeat) form.requestSubmit(one(".writing-end .primary", form));
  });

  // Where the form was, focus would be lost with it.
  for (const name of ["comment:posted", "comment:edited"]) {
    document.addEventListener(name, (event) => {
      one("#no-comments")?.remove();
      const comment = document.getElementById(`comment-${event.detail.id}`);
      if (comment && !isWriting()) focusOn(comment);
    });
  }

  // Meanwhile, something else may be written. The form for the next comment is empty.
  function isWriting() {
    const field = document.activeElement;
    return field.matches(".comment-form textarea") && Boolean(field.value || field.closest(".reply-slot"));
  }

  // Too many at once: the form comes back with its text, and says when to try again.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (xhr.status !== 429 || !requestConfig.elt.matches("form.comment-form")) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });

  // Behind what is there already: a quote, a draft, the comment that is edited.
  document.addEventListener("htmx:load", (event) => all("textarea[autofocus]", event.detail.elt).forEach((field) => {
    field.setSelectionRange(field.value.length, field.value.length);
  }));

  // Whoever signed in to comment came to write. Going to the fragment takes the focus away once.
  window.addEventListener("load", () => {
    if (location.hash === "#write") setTimeout(() => one('#write textarea[name="text"]')?.focus({ preventScroll: true }));
  });

  // A press takes the selection away, so it is read when the press begins.
  let quoted = null;
  const readQuote = (event) => {
    const comment = event.target.closest?.(".quote-link")?.closest(".comment");
    if (comment) quoted = { comment, text: selectedIn(comment) };
  };
  document.addEventListener("pointerdown", readQuote, true);
  document.addEventListener("keydown", readQuote, true);

  function selectedIn(comment) {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return "";
    const range = selection.getRangeAt(0);
    const said = range.commonAncestorContainer.parentElement?.closest(".comment .said") ?? asElement(range)?.closest(".said");
    if (said?.closest(".comment") !== comment) return "";
    return written(range.cloneContents()).replace(/\n{3,}/g, "\n\n").trim();
  }

  const asElement = ({ commonAncestorContainer: node }) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);

  const BLOCKS = "p, li, pre, blockquote, h1, h2, h3, h4, h5, h6, tr, div, dt, dd";

  /** The text of what is selected, its formulas as TeX. */
  function written(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.localName === "math") {
      const mark = node.getAttribute("display") === "block" ? "$$" : "$";
      const tex = node.getAttribute("alttext") ?? node.textContent;
      return `${mark}${tex}${mark}`;
    }
    const text = [...node.childNodes].map(written).join("");
    if (node.localName === "br") return "\n";
    return node.matches?.(BLOCKS) ? `${text.trim()}\n\n` : text;
  }

  // What was selected is quoted, and else the server's choice: all of the comment.
  document.addEventListener("htmx:afterSettle", (event) => {
    const link = event.detail.requestConfig?.elt;
    if (!link?.matches?.(".quote-link") || quoted?.comment !== link.closest(".comment")) return;
    const text = one('.reply-slot textarea[name="text"]', quoted.comment);
    if (text && quoted.text) {
      text.value = `${quoted.text.replace(/^/gm, "> ")}\n\n`;
      text.setSelectionRange(text.value.length, text.value.length);
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    text?.focus();
    quoted = null;
  });

  /* The next part ------------------------------------------------------------------------ */

  // The button is gone with its part: what it brought comes next.
  let lastBefore = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig.elt.closest("#thread-more")) lastBefore = one("#comments").lastElementChild;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!lastBefore?.nextElementSibling) return;
    focusOn(lastBefore.nextElementSibling);
    lastBefore = null;
  });

  /* Reactions ---------------------------------------------------------------------------- */

  const choicesOver = new WeakMap();

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    if (!requestConfig.elt.matches("a.react")) return;
    choicesOver.set(target, [...target.childNodes].map((node) => node.cloneNode(true)));
  });

  // What was pressed is gone with the swap: what took its place is next.
  document.addEventListener("htmx:afterSettle", (event) => {
    const { elt: list, requestConfig } = event.detail;
    if (!list.matches?.(".reactions") || document.activeElement !== document.body) return;
    const { value } = requestConfig.elt;
    (one(`button[value="${value}"]`, list) ?? one("button, .react", list))?.focus();
  });

  function closeChoices(list) {
    list.replaceChildren(...choicesOver.get(list));
    choicesOver.delete(list);
    // As it was copied, its request was under way.
    one(".react", list)?.classList.remove("htmx-request");
    htmx.process(list);
    one(".react", list)?.focus();
  }

  document.addEventListener("click", (event) => {
    const list = event.target.closest("[data-close-choices]")?.closest(".reactions");
    if (list) closeChoices(list);
  });
  document.addEventListener("keydown", (event) => {
    const list = event.key === "Escape" && event.target.closest?.(".reactions");
    if (list && choicesOver.has(list)) closeChoices(list);
  });

  acts.r = () => {
    const link = current()?.matches(".comment") && one(".reply-link", current());
    if (link) link.click();
    return Boolean(link);
  };
}
