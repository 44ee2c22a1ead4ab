/*
 * What is typed into a comment's form is kept in this browser until it is posted: over a
 * reload, a failed post and a lost session.
 */
"use strict";

{
  const PREFIX = "octavo-draft:";
  const KEPT_DAYS = 30;
  const SAVE_AFTER_MS = 400;
  // A post by a plain form leaves the page; its answer shows within this time.
  const ANSWERED_WITHIN_MS = 10 * 60_000;
  const FIELDS = [
    "anchor_part", "anchor_exact", "anchor_prefix", "anchor_suffix", "anchor_start", "anchor_end",
    "place_kind", "place", "about",
  ];
  // Whoever shares a browser does not find the other's words.
  const member = one('meta[name="octavo-member"]')?.content ?? "";

  const keyOf = (form) => `${PREFIX}${member}:${form.dataset.draft}`;
  const isEdit = (form) => form.dataset.draft.startsWith("edit:");
  const textOf = (form) => one('textarea[name="text"]', form);
  const named = (form, name) => one(`[name="${name}"]:not(:disabled)`, form);
  const waiting = new WeakMap();

  function save(form) {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    const field = textOf(form);
    if (!field || form.dataset.posted) return;
    const draft = { text: field.value, base: field.dataset.base ?? "", at: Date.now(), fields: {} };
    for (const name of FIELDS) {
      const value = named(form, name)?.value;
      if (value) draft.fields[name] = value;
    }
    const says = draft.text !== draft.base && draft.text.trim();
    if (says || draft.fields.anchor_exact || draft.fields.place) store.write(keyOf(form), draft);
    else store.forget(keyOf(form));
  }

  function saveSoon(form) {
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => save(form), SAVE_AFTER_MS));
  }

  function restore(form) {
    const field = textOf(form);
    if (!field || form.dataset.drafted) return;
    form.dataset.drafted = "yes";
    const draft = store.read(keyOf(form));
    const isRefused = Boolean(one(".errorlist, .refusal", form));
    // What the field held before anything was typed: nothing, or the comment that is edited.
    field.dataset.base = isRefused ? (draft?.base ?? "") : isEdit(form) ? field.defaultValue : "";
    if (!draft || typeof draft.text !== "string") return;
    if (wasPosted(draft)) store.forget(keyOf(form));
    else if (!isRefused && field.value === field.dataset.base && draft.base === field.value) fill(form, field, draft);
  }

  // After a post without a swap the page that answers is at the comment it made.
  function wasPosted(draft) {
    const made = Number(/^#comment-(\d+)$/.exec(location.hash)?.[1] ?? 0);
    return Boolean(draft.sent) && Date.now() - draft.sent.at < ANSWERED_WITHIN_MS && made > draft.sent.latest;
  }

  function fill(form, field, draft) {
    field.value = draft.text;
    for (const [name, value] of Object.entries(draft.fields ?? {})) {
      const other = FIELDS.includes(name) && named(form, name);
      if (other && !other.value) other.value = value;
    }
    const place = one("details.place", form);
    if (place && (draft.fields?.place || draft.fields?.anchor_exact)) place.open = true;
    form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true, detail: draft }));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    tell(form, field);
  }

  function tell(form, field) {
    const note = document.createElement("p");
    const discard = document.createElement("button");
    note.className = "note draft-note";
    note.textContent = "Draft, not posted yet.  ";
    discard.type = "button";
    discard.className = "link";
    discard.textContent = "Discard";
    discard.addEventListener("click", () => {
      field.value = field.dataset.base ?? "";
      form.dispatchEvent(new CustomEvent("draft:discarded", { bubbles: true }));
      field.dispatchEvent(new Event("input", { bubbles: true }));
      store.forget(keyOf(form));
      note.remove();
      field.focus();
    });
    note.append(discard);
    field.closest(".field").after(note);
  }

  function dropOld() {
    const oldest = Date.now() - KEPT_DAYS * 86_400_000;
    for (const key of store.keys(PREFIX)) {
      if (!(store.read(key)?.at > oldest)) store.forget(key);
    }
  }

  const formOf = (target) => target.closest?.("form[data-draft]");
  const forms = (within) => [...(within.matches?.("form[data-draft]") ? [within] : []), ...all("form[data-draft]", within)];

  document.addEventListener("input", (event) => {
    const form = formOf(event.target);
    if (form) saveSoon(form);
  });

  document.addEventListener("submit", (event) => {
    const form = formOf(event.target);
    if (!form || event.submitter?.name === "preview") return;
    save(form);
    const draft = store.read(keyOf(form));
    const latest = Number(one("#thread")?.dataset.latest) || 0;
    if (draft) store.write(keyOf(form), { ...draft, sent: { at: Date.now(), latest } });
  });

  // Before the answer takes the form's place. A press that only leads to the sign-in, which
  // is a good answer too, posted nothing.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = event.target;
    const { xhr, requestConfig } = event.detail;
    if (!form.matches?.("form[data-draft]") || xhr.status >= 300) return;
    if (requestConfig.path !== form.getAttribute("action")) return;
    const leadsTo = xhr.getResponseHeader("HX-Redirect");
    if (leadsTo && !leadsTo.includes("#comment-")) return;
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    form.dataset.posted = "yes";
    store.forget(keyOf(form));
  });

  const saveAll = () => forms(document).filter((form) => waiting.has(form)).forEach(save);
  window.addEventListener("pagehide", saveAll);
  document.addEventListener("visibilitychange", () => document.hidden && saveAll());
  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    const form = event.target;
    if (form.matches?.("form[data-draft]") && waiting.has(form)) save(form);
  });
  document.addEventListener("htmx:load", (event) => forms(event.target).forEach(restore));

  dropOld();
  forms(document).forEach(restore);
}
