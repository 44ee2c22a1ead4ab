/*
 * Passages of the abstract: select one and comment on it, and see which comment means which.
 * Positions count code points of the abstract's text without what is marked data-skip; the
 * server finds the passage anew by its words (discussions/anchors/passages.py).
 */
"use strict";

{
  const CONTEXT_LENGTH = 32;
  const SETTLED_AFTER_MS = 250;
  const FIELDS = ["anchor_part", "anchor_prefix", "anchor_suffix", "anchor_start", "anchor_end"];
  const abstract = one("#abstract");
  const mainForm = () => one("form#write");
  const longest = () => Number(mainForm().dataset.longestPassage);
  let button = null;
  let settling = 0;

  /* What is selected -------------------------------------------------------------- */

  function textNodes() {
    const walker = document.createTreeWalker(abstract, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, {
      acceptNode(node) {
        if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
        return node.hasAttribute("data-skip") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
      },
    });
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes;
  }

  const pointsIn = (text) => [...text].length;

  // Languages without spaces have words too.
  function wordsOf(text) {
    if (!Intl.Segmenter) return [];
    const segments = [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)];
    return segments.filter((each) => each.isWordLike).map(({ index, segment }) => [index, index + segment.length]);
  }

  /** Widen a selection to whole words and formulas, without the space around it. */
  function widened(text, formulas, from, to) {
    const chosen = text.slice(from, to);
    let start = from + chosen.length - chosen.trimStart().length;
    let end = to - (chosen.length - chosen.trimEnd().length);
    const parts = [...wordsOf(text), ...formulas];
    const cutAt = (at) => parts.find(([first, after]) => first < at && at < after);
    // Again, because a word can begin in a formula: the 𝑛th.
    for (let part = cutAt(start); part; part = cutAt(start)) start = part[0];
    for (let part = cutAt(end); part; part = cutAt(end)) end = part[1];
    return [start, end];
  }

  function selected() {
    const selection = getSelection();
    if (!abstract || !selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(abstract)) return null;
    let [text, start, end] = ["", -1, -1];
    const formulas = new Map();
    for (const node of textNodes()) {
      if (range.intersectsNode(node)) {
        const from = node === range.startContainer ? range.startOffset : 0;
        const to = node === range.endContainer ? range.endOffset : node.length;
        if (to > from) {
          if (start < 0) start = text.length + from;
          end = text.length + to;
        }
      }
      const formula = node.parentElement.closest("math");
      const first = formulas.get(formula)?.[0] ?? text.length;
      text += node.data;
      if (formula) formulas.set(formula, [first, text.length]);
    }
    if (start < 0 || !text.slice(start, end).trim()) return null;
    [start, end] = widened(text, [...formulas.values()], start, end);
    const exact = text.slice(start, end);
    const first = pointsIn(text.slice(0, start));
    return {
      range,
      anchor_part: "abstract",
      anchor_exact: exact,
      anchor_prefix: [...text.slice(0, start)].slice(-CONTEXT_LENGTH).join(""),
      anchor_suffix: [...text.slice(end)].slice(0, CONTEXT_LENGTH).join(""),
      anchor_start: String(first),
      anchor_end: String(first + pointsIn(exact)),
    };
  }

  /* The button beside it ----------------------------------------------------------- */

  function makeButton() {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button passage-button";
    made.hidden = true;
    // The press must not take the selection away before it is read.
    made.addEventListener("pointerdown", (event) => event.preventDefault());
    made.addEventListener("click", () => commentOn(selected()));
    abstract.after(made);
    return made;
  }

  // The button is the next stop after a selection, wherever the browser would go from there.
  document.addEventListener("keydown", (event) => {
    const isTab = event.key === "Tab" && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!isTab || !button || button.hidden || button.disabled || isTyping(event.target)) return;
    if (document.activeElement === button || !selected()) return;
    event.preventDefault();
    button.focus();
  });

  function offer() {
    if (!abstract || !mainForm()) return;
    const passage = selected();
    if (!passage) {
      if (button && document.activeElement !== button) button.hidden = true;
      return;
    }
    button ??= makeButton();
    const isTooLong = passage.anchor_exact.length > longest();
    button.textContent = isTooLong ? "Too long to comment on" : "Comment on this";
    button.disabled = isTooLong;
    button.hidden = false;
    const boxes = passage.range.getClientRects();
    const last = boxes[boxes.length - 1] ?? passage.range.getBoundingClientRect();
    const left = Math.max(8, Math.min(last.right + scrollX, root.clientWidth - button.offsetWidth - 8));
    button.style.setProperty("--x", `${left}px`);
    button.style.setProperty("--y", `${last.bottom + scrollY + 6}px`);
  }

  document.addEventListener("selectionchange", () => {
    clearTimeout(settling);
    settling = setTimeout(offer, SETTLED_AFTER_MS);
  });
  window.addEventListener("resize", offer);

  /* The form ------------------------------------------------------------------------ */

  const field = (form, name) => one(`[name="${name}"]`, form);

  function commentOn(passage) {
    const form = mainForm();
    if (!form || !passage || passage.anchor_exact.length > longest()) return false;
    point(form, passage);
    if (button) button.hidden = true;
    getSelection().removeAllRanges();
    const text = field(form, "text");
    text.focus();
    text.scrollIntoView({ block: "center" });
    text.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }

  function point(form, passage) {
    unpoint(form);
    for (const name of FIELDS) {
      if (field(form, name)) field(form, name).value = passage[name] ?? "";
    }
    form.prepend(quoteOf(passage.anchor_exact));
    letScroll();
    foldPlace(form, true);
  }

  // The same as discussions/_comment_form.jinja writes.
  function quoteOf(words) {
    const box = document.createElement("div");
    const label = document.createElement("p");
    const quote = document.createElement("blockquote");
    const kept = document.createElement("input");
    const remove = document.createElement("button");
    box.className = "pointed";
    box.dataset.anchor = "";
    label.className = "label";
    label.textContent = "About this passage of the abstract";
    quote.dir = "auto";
    quote.textContent = words;
    kept.type = "hidden";
    kept.name = "anchor_exact";
    kept.value = words;
    remove.type = "button";
    remove.className = "link";
    remove.dataset.anchorRemove = "";
    remove.textContent = "Remove the passage";
    box.append(label, quote, kept, remove);
    return box;
  }

  // A comment points at one thing: its fields for a place rest meanwhile.
  function foldPlace(form, isFolded) {
    const place = one("details.place", form);
    if (!place) return;
    place.hidden = isFolded;
    for (const input of all("input, select, textarea", place)) {
      input.disabled = isFolded;
      if (isFolded && !input.matches("select")) input.value = "";
    }
  }

  function unpoint(form) {
    one("[data-anchor]", form)?.remove();
    for (const name of FIELDS) {
      if (field(form, name)) field(form, name).value = "";
    }
    foldPlace(form, false);
  }

  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-anchor-remove]")?.closest("form");
    if (!form) return;
    event.preventDefault();
    unpoint(form);
    field(form, "text").focus();
    field(form, "text").dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.addEventListener("draft:restored", (event) => {
    const kept = event.detail.fields ?? {};
    if (kept.anchor_part === "abstract" && kept.anchor_exact) point(event.target, kept);
  });
  document.addEventListener("draft:discarded", (event) => unpoint(event.target));

  /* Which comment means which passage ------------------------------------------------ */

  const counts = () => all(".passage-count[data-passage]");
  const rangeOf = (count) => count.dataset.marks.split(" ").map(Number);

  function meantBy(element) {
    const mark = element.closest?.("mark[data-mark]");
    if (mark) {
      const at = Number(mark.dataset.mark);
      return counts().filter((count) => rangeOf(count)[0] <= at && at < rangeOf(count)[1]);
    }
    const count = element.closest?.(".passage-count[data-passage]");
    if (count) return [count];
    const quote = element.closest?.('a[href^="#passage-"]');
    return quote ? counts().filter((each) => `#${each.dataset.passage}` === quote.hash) : [];
  }

  function light(element) {
    all(".is-lit").forEach((lit) => lit.classList.remove("is-lit"));
    for (const count of meantBy(element)) {
      const [from, to] = rangeOf(count);
      const marks = all("mark[data-mark]", abstract).filter(({ dataset }) => dataset.mark >= from && dataset.mark < to);
      const quotes = all(`a[href="#${count.dataset.passage}"]`).map((link) => link.closest(".pointed") ?? link);
      [count, ...marks, ...quotes].forEach((part) => part.classList.add("is-lit"));
    }
  }

  if (abstract) {
    document.addEventListener("pointerover", (event) => light(event.target));
    document.addEventListener("focusin", (event) => light(event.target));
  }

  // Of several comments on a passage, each press shows the next.
  document.addEventListener("click", (event) => {
    const count = event.target.closest("a.passage-count");
    const ids = count?.dataset.comments.split(" ") ?? [];
    if (ids.length < 2) return;
    const at = Number(count.dataset.next ?? 0);
    count.dataset.next = (at + 1) % ids.length;
    if (document.getElementById(`comment-${ids[at]}`)) {
      event.preventDefault();
      location.hash = `#comment-${ids[at]}`;
    } else if (at > 0) {
      event.preventDefault();
      location.assign(`/comments/${ids[at]}`);
    }
  });

  acts.c = () => {
    if (commentOn(selected())) return true;
    const text = mainForm() && field(mainForm(), "text");
    text?.focus();
    return Boolean(text);
  };
}
