/*
 * Minutes save themselves after each pause. Until the site has taken them, they are kept in
 * this browser as well. Nothing here writes into the field but what its writer asks for.
 */
"use strict";

{
  const PREFIX = "octavo-minutes:";
  const SAVE_AFTER_MS = 1500;
  const RETRY_MS = [3000, 6000, 12_000, 30_000, 60_000];
  const ANSWER_WITHIN_MS = 15_000;
  const KEPT = "Your text is kept in this browser";

  const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

  function button(words, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }

  function begin(form) {
    if (form.dataset.began) return;
    form.dataset.began = "yes";
    const field = one('textarea[name="text"]', form);
    const base = one('input[name="base_version"]', form);
    const state = one("[data-minutes-state]", form);
    const news = one("[data-minutes-news]", form);
    const key = `${PREFIX}${form.dataset.minutes}:${new URL(form.action).pathname}`;
    let saved = field.defaultValue;
    let timer = 0;
    let failures = 0;
    let sending = null;

    const isDirty = () => field.value !== saved;

    function say(words, { isBad = false } = {}) {
      state.textContent = words;
      state.classList.toggle("is-bad", isBad);
    }

    function keep() {
      if (isDirty()) store.write(key, { text: field.value, base: base.value, at: Date.now() });
      else store.forget(key);
    }

    function soon(after) {
      clearTimeout(timer);
      timer = setTimeout(save, after);
    }

    function again(words, seconds) {
      const wait = seconds ? seconds * 1000 : RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
      failures += 1;
      say(`${words} ${KEPT}, and will be sent again.`, { isBad: true });
      soon(wait);
    }

    function save({ keepalive = false } = {}) {
      clearTimeout(timer);
      if (sending || !isDirty() || form.dataset.left) return sending ?? Promise.resolve();
      sending = send(keepalive).finally(() => {
        sending = null;
        if (isDirty() && !timer && !failures) soon(SAVE_AFTER_MS);
      });
      return sending;
    }

    async function send(keepalive) {
      const text = field.value;
      timer = 0;
      let response;
      try {
        response = await fetch(form.action, {
          method: "POST",
          body: new URLSearchParams(new FormData(form)),
          headers: { Accept: "application/json" },
          credentials: "same-origin",
          keepalive,
          signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        });
      } catch {
        again("The site cannot be reached.");
        return;
      }
      await hear(response, text);
    }

    async function hear(response, text) {
      const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
      if (response.ok && isJson) {
        const told = await response.json();
        base.value = told.version;
        saved = text;
        failures = 0;
        keep();
        say(`Saved ${clock(Date.now())}`);
        if (told.words) overwritten(told.words);
      } else if (response.status === 422 && isJson) {
        say((await response.json()).refusal, { isBad: true });
      } else if (response.status === 429 || response.status >= 500) {
        again("The site could not save this yet.", Number(response.headers.get("Retry-After")));
      } else {
        // Signed out, or no longer a member: to try again would change nothing.
        const why = response.redirected ? "You are signed out." : "The site refused to save this.";
        say(`${why} ${KEPT}.`, { isBad: true });
      }
    }

    function overwritten(words) {
      const link = document.createElement("a");
      link.href = news.dataset.history;
      link.target = "_blank";
      link.textContent = "See the history";
      const said = document.createElement("span");
      said.textContent = words;
      news.replaceChildren(said, link);
    }

    function offer(kept) {
      const said = document.createElement("span");
      said.textContent = `This browser has kept a text from ${clock(kept.at)} that was not saved.`;
      const take = button("Take it", () => {
        field.value = kept.text;
        news.replaceChildren();
        field.focus();
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
      const drop = button("Discard it", () => {
        store.forget(key);
        news.replaceChildren();
        field.focus();
      });
      news.replaceChildren(said, take, drop);
    }

    field.addEventListener("input", () => {
      keep();
      failures = 0;
      if (isDirty()) soon(SAVE_AFTER_MS);
      else clearTimeout(timer);
    });

    form.addEventListener("submit", (event) => {
      if (event.submitter?.name === "preview") return;
      if (sending) {
        // The form would go out on a version that is about to be old.
        event.preventDefault();
        const pressed = event.submitter;
        sending.finally(() => form.requestSubmit(pressed));
        return;
      }
      clearTimeout(timer);
      keep();
      form.dataset.left = "yes";
    });

    window.addEventListener("pageshow", () => delete form.dataset.left);
    window.addEventListener("online", () => save());
    window.addEventListener("pagehide", () => save({ keepalive: true }));
    document.addEventListener("visibilitychange", () => document.hidden && save());

    const kept = store.read(key);
    if (typeof kept?.text !== "string") return;
    if (kept.text.trim() === field.value.trim()) store.forget(key);
    else offer(kept);
  }

  const beginAll = (within) => all("form[data-minutes]", within).forEach(begin);
  document.addEventListener("htmx:load", (event) => beginAll(event.target));
  beginAll(document);

  // A file that the site would refuse is not sent first.
  const size = (bytes) => `${(bytes / 1024 ** 2).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;

  function tooLarge(field) {
    const limit = Number(field.dataset.maxBytes);
    const file = [...field.files].find((each) => each.size > limit);
    return file ? `This file has ${size(file.size)}, and one may have ${size(limit)}. Add a link to it instead.` : "";
  }

  function judge(field) {
    const box = field.closest(".field");
    const words = tooLarge(field);
    one("[data-too-large]", box)?.remove();
    if (!words) {
      field.removeAttribute("aria-invalid");
      return true;
    }
    field.setAttribute("aria-invalid", "true");
    const list = document.createElement("ul");
    const item = document.createElement("li");
    list.className = "errorlist";
    list.dataset.tooLarge = "";
    list.setAttribute("role", "alert");
    item.textContent = words;
    list.append(item);
    field.after(list);
    return false;
  }

  for (const field of all('input[type="file"][data-max-bytes]')) {
    field.addEventListener("change", () => judge(field));
    field.form.addEventListener("submit", (event) => {
      if (judge(field)) return;
      event.preventDefault();
      field.focus();
    });
  }
}
