/*
 * After an @ in a comment's field, names to choose from: first of those in the thread. A
 * listbox that the field keeps the focus of; whoever types on is never held up.
 */
"use strict";

{
  const ASKED_AFTER_MS = 150;
  // Not inside an address: before the @ stands nothing of a word.
  const TYPED = /(?:^|[^\w@/.-])@([A-Za-z][\w-]{0,29}|)$/;
  const known = new Map();
  let list = null;
  let field = null;
  let asked = 0;
  let running = null;

  const options = () => (list ? all('[role="option"]', list) : []);
  const active = () => list && one('[aria-selected="true"]', list);

  function typedIn(textarea) {
    if (textarea.selectionStart !== textarea.selectionEnd) return null;
    return TYPED.exec(textarea.value.slice(0, textarea.selectionStart))?.[1] ?? null;
  }

  async function find(typed, url) {
    const key = `${url} ${typed.toLowerCase()}`;
    if (known.has(key)) return known.get(key);
    running?.abort();
    running = new AbortController();
    const answer = await fetch(`${url}?q=${encodeURIComponent(typed)}`, {
      headers: { Accept: "application/json" },
      signal: running.signal,
    });
    if (!answer.ok || answer.redirected) return [];
    const { names } = await answer.json();
    known.set(key, names);
    return names;
  }

  async function look(textarea) {
    const typed = typedIn(textarea);
    const url = textarea.form?.dataset.names;
    if (typed === null || !url) return close();
    try {
      const names = await find(typed, url);
      // Meanwhile somebody may have typed on, or gone elsewhere.
      if (document.activeElement === textarea && typedIn(textarea) === typed) show(textarea, names, typed);
    } catch (error) {
      // A newer question took its place, or the site is away: the text is theirs either way.
      if (error.name !== "AbortError") close();
    }
    return undefined;
  }

  function show(textarea, names, typed) {
    const isDone = names.length === 1 && names[0].username.toLowerCase() === typed.toLowerCase();
    if (!names.length || isDone) return close();
    if (field !== textarea) close();
    field = textarea;
    list ??= makeList(textarea);
    list.replaceChildren(...names.map(optionOf));
    textarea.setAttribute("aria-controls", list.id);
    choose(typed ? options()[0] : null);
    one(".names-said", list.parentElement).textContent = `${names.length} name${names.length > 1 ? "s" : ""}`;
    return undefined;
  }

  function makeList(textarea) {
    const box = document.createElement("div");
    const made = document.createElement("ul");
    const said = document.createElement("p");
    box.className = "names";
    made.id = "names";
    made.setAttribute("role", "listbox");
    made.setAttribute("aria-label", "Names");
    said.className = "names-said visually-hidden";
    said.setAttribute("role", "status");
    made.addEventListener("pointerdown", (event) => event.preventDefault());
    made.addEventListener("click", (event) => {
      const option = event.target.closest('[role="option"]');
      if (option) take(option);
    });
    box.append(made, said);
    box.style.setProperty("--below", `${textarea.offsetTop + textarea.offsetHeight + 4}px`);
    textarea.after(box);
    return made;
  }

  function optionOf({ username, name, here }, at) {
    const option = document.createElement("li");
    const handle = document.createElement("b");
    const person = document.createElement("bdi");
    option.id = `name-${at}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.username = username;
    handle.textContent = `@${username}`;
    person.textContent = name === username ? "" : name;
    option.append(handle, " ", person);
    if (here) {
      const note = document.createElement("small");
      note.textContent = "in this thread";
      option.append(" ", note);
    }
    return option;
  }

  function choose(option) {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  }

  function take(option) {
    const textarea = field;
    const before = textarea.value.slice(0, textarea.selectionStart).replace(/@[\w-]*$/, "");
    const from = before.length;
    close();
    textarea.focus();
    textarea.setRangeText(`@${option.dataset.username} `, from, textarea.selectionStart, "end");
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function close() {
    clearTimeout(asked);
    list?.parentElement.remove();
    field?.removeAttribute("aria-activedescendant");
    field?.removeAttribute("aria-controls");
    list = field = null;
  }

  const isField = (target) => target.matches?.('form[data-draft] textarea[name="text"]');

  document.addEventListener("input", (event) => {
    if (!isField(event.target) || event.isComposing) return;
    clearTimeout(asked);
    if (typedIn(event.target) === null) close();
    else asked = setTimeout(() => look(event.target), ASKED_AFTER_MS);
  });

  const moves = {
    ArrowDown: (at, count) => (at + 1) % count,
    ArrowUp: (at, count) => (at <= 0 ? count - 1 : at - 1),
  };

  // Before the page's own keys: Escape closes the list and nothing else.
  document.addEventListener(
    "keydown",
    (event) => {
      if (!list || event.target !== field || event.isComposing) return;
      const names = options();
      const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (event.key === "Escape") close();
      else if (isPlain && Object.hasOwn(moves, event.key)) choose(names[moves[event.key](names.indexOf(active()), names.length)]);
      else if (isPlain && (event.key === "Enter" || event.key === "Tab") && active()) take(active());
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  document.addEventListener("focusout", (event) => event.target === field && close());
}
