/*
 * Ranking papers with buttons instead of numbers. Without this each paper has a menu with its
 * rank, and those menus stay what is sent.
 */
"use strict";

{
  const within = (root, selector) => [...root.querySelectorAll(selector)];
  const menuOf = (item) => item.querySelector(":scope > select");
  const button = (item, act) => item.querySelector(`[data-rank="${act}"]`);

  class Ranking {
    constructor(list) {
      this.list = list;
      this.form = list.closest("form");
      // In the order of nomination, which is that of the papers left out.
      this.items = within(list, ":scope > li").filter(menuOf);
      this.ranked = this.items
        .filter((item) => menuOf(item).value)
        .sort((one, other) => menuOf(one).value - menuOf(other).value);
      this.items.forEach((item) => {
        menuOf(item).hidden = true;
        item.querySelector(".rank-buttons").hidden = false;
        item.querySelector("label.title")?.removeAttribute("for");
      });
      this.form.querySelector("[data-ranking-help]").hidden = false;
      this.form.querySelector("[data-ranking-plain]").hidden = true;
      list.addEventListener("click", (event) => this.press(event.target.closest("[data-rank]")));
      list.addEventListener("keydown", (event) => this.key(event));
      this.show();
    }

    press(pressed) {
      if (pressed) this.act(pressed.closest("li"), pressed.dataset.rank, pressed);
    }

    key(event) {
      const act = { ArrowUp: "up", ArrowDown: "down" }[event.key];
      const pressed = event.target.closest("[data-rank]");
      if (!act || !pressed || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.act(pressed.closest("li"), act, pressed);
    }

    act(item, act, pressed) {
      const at = this.ranked.indexOf(item);
      const to = { up: at - 1, down: at + 1, in: this.ranked.length }[act];
      if (act === "in" || (at >= 0 && (act === "out" || this.ranked[to]))) {
        if (at >= 0) this.ranked.splice(at, 1);
        if (act !== "out") this.ranked.splice(to, 0, item);
      }
      this.show();
      this.keepFocus(item, pressed);
      const title = item.querySelector(".title").textContent.trim();
      const said = this.form.querySelector("[data-ranking-said]");
      if (said) said.textContent = `${title}: ${item.querySelector(".rank-shown").textContent}`;
    }

    show() {
      const last = this.ranked.length - 1;
      const leftOut = this.items.filter((item) => !this.ranked.includes(item));
      this.items.forEach((item) => {
        const at = this.ranked.indexOf(item);
        const isRanked = at >= 0;
        menuOf(item).value = isRanked ? String(at + 1) : "";
        item.classList.toggle("is-left-out", !isRanked);
        item.querySelector(".rank-shown").textContent = isRanked
          ? `Rank ${at + 1} of ${last + 1}`
          : "Left out";
        for (const act of ["up", "down", "out"]) button(item, act).hidden = !isRanked;
        button(item, "in").hidden = isRanked;
        button(item, "up").disabled = at === 0;
        button(item, "down").disabled = at === last;
      });
      const others = within(this.list, ":scope > li").filter((item) => !menuOf(item));
      this.list.append(...this.ranked, ...leftOut, ...others);
    }

    keepFocus(item, pressed) {
      const usable = [pressed, button(item, "up"), button(item, "down"), button(item, "out"), button(item, "in")];
      usable.find((each) => !each.hidden && !each.disabled)?.focus();
    }
  }

  const enhance = (root) => {
    within(root, "[data-ranking]:not([data-ranking-ready])").forEach((list) => {
      list.dataset.rankingReady = "";
      new Ranking(list);
    });
  };

  enhance(document);
  document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
}
