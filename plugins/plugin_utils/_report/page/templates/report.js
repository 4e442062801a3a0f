/*
 * Copyright (c) 2026, ucloud.ulb contributors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// Filters, links and tooltips. Without the script, the page shows everything.
(() => {
  "use strict";

  const FIRST = 50;
  const MORE = 200;
  const MULTIPLE = ["severity", "status"];
  // The filters of each part of the page. "q", "cert", "lb" and "ep" are search texts, "days" is a range such as 7..14.
  const FILTERS = {
    findings: ["severity", "status", "check", "region", "change", "q"],
    certificates: ["days", "cert"],
    bindings: ["lb"],
    endpoints: ["ep"],
  };
  const WORDS = ["q", "cert", "lb", "ep"];
  const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'" };

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const decoded = (text) => text.replace(/&(?:amp|lt|gt|#34|#39);/g, (entity) => ENTITIES[entity]);
  const number = (value) => value.toLocaleString("en");
  // Translations of the texts of this script; English has none.
  const texts = JSON.parse(document.body.dataset.texts || "{}");
  const say = (text, values) => (texts[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // A row: an element, or HTML text until it is shown.
  class Row {
    constructor(element, html) {
      this.element = element;
      this.html = html;
    }

    // The ids of the row and of everything in it.
    get ids() {
      this.found ??= this.element
        ? [this.element, ...all("[id]", this.element)].map((element) => element.id).filter(Boolean)
        : [...this.html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
      return this.found;
    }

    get data() {
      if (this.element) return this.element.dataset;
      if (!this.parsed) {
        const start = this.html.slice(0, this.html.indexOf(">"));
        this.parsed = {};
        for (const [, name, value] of start.matchAll(/\sdata-([a-z]+)="([^"]*)"/g)) this.parsed[name] = decoded(value);
      }
      return this.parsed;
    }

    get text() {
      this.words ??= (this.element ? this.element.textContent : decoded(this.html.replace(/<[^>]*>/g, ""))).toLowerCase();
      return this.words;
    }

    show() {
      if (!this.element) {
        const { data, ids, text } = this; // the text is no longer needed then
        const template = document.createElement("template");
        template.innerHTML = this.html; // as it stands in the page: strings are escaped already
        this.element = template.content.firstElementChild;
        this.html = null;
        void data, ids, text;
      }
      return this.element;
    }
  }

  // A group of rows, and how many of them are shown.
  class Group {
    constructor(element) {
      this.element = element;
      this.list = element.querySelector("[data-rows]");
      this.button = element.querySelector("[data-more]");
      this.amount = element.querySelector("[data-amount]");
      this.title = (element.querySelector(":scope > header")?.textContent ?? "").toLowerCase();
      this.rows = [...this.list.children].map((row) => new Row(row, null));
      const rest = element.querySelector("noscript");
      if (rest) {
        // With scripts, the content of noscript is text, so that thousands of rows cost nothing.
        for (const html of rest.textContent.split(/(?=<li class="row )/).slice(1)) this.rows.push(new Row(null, html));
        rest.remove();
      }
      this.matches = this.rows;
      this.limit = FIRST;
      this.pinned = null;
      this.button?.addEventListener("click", () => this.more());
      this.whole = this.amount?.textContent;
    }

    filter(matches) {
      this.matches = matches ? this.rows.filter((row) => matches(row, this)) : this.rows;
      this.limit = FIRST;
      this.pinned = null;
      this.draw();
    }

    draw() {
      const shown = this.matches.filter((row, index) => index < this.limit || row === this.pinned);
      const elements = shown.map((row) => row.show());
      if (elements.length !== this.list.children.length || elements.some((item, index) => item !== this.list.children[index])) {
        this.list.replaceChildren(...elements);
      }
      this.element.hidden = !shown.length;
      const rest = this.matches.length - shown.length;
      if (this.button) {
        this.button.hidden = rest <= 0;
        this.button.textContent = say("Show {count} more of {rest}", { count: number(Math.min(rest, MORE)), rest: number(rest) });
      }
      if (this.amount) {
        const part = this.matches.length < this.rows.length;
        this.amount.textContent = part ? say("{count} of {whole}", { count: number(this.matches.length), whole: this.whole }) : this.whole;
      }
    }

    more() {
      const next = this.matches[this.limit];
      this.limit += MORE;
      this.draw();
      next?.show().querySelector("a, summary")?.focus({ preventScroll: true });
    }

    has(id) {
      this.ids ??= new Map(this.rows.flatMap((row) => row.ids.map((id) => [id, row])));
      return this.ids.get(id);
    }
  }

  // A part of the page with filters.
  class View {
    constructor(section) {
      this.section = section;
      this.names = FILTERS[section.dataset.view];
      this.groups = all("[data-group]", section).map((element) => new Group(element));
      this.values = {};
      this.controls = section.querySelector("[data-controls]");
      if (!this.controls) return;
      this.fields = all("input, select", this.controls);
      this.timer = 0;
      this.controls.addEventListener("input", (event) => {
        clearTimeout(this.timer);
        this.timer = 0;
        if (event.target.type === "search") this.timer = setTimeout(() => this.settle(), 120);
        else this.read();
      });
      this.controls.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && event.target.type === "search" && event.target.value) {
          event.target.value = "";
          this.read();
        }
      });
      this.clear = this.controls.querySelector("[data-clear]");
      this.clear.addEventListener("click", () => {
        this.set({});
        write();
        this.controls.querySelector("input").focus();
      });
      this.drop = this.controls.querySelector("[data-drop]");
      this.drop?.addEventListener("click", () => {
        const { days, ...others } = this.values;
        void days;
        this.set(others);
        write();
        this.controls.querySelector("input").focus();
      });
      this.controls.hidden = false;
      for (const group of this.groups) if (group.button) group.draw();
      this.showCount();
    }

    // Apply what was typed last, without a wait.
    settle() {
      if (!this.timer) return;
      clearTimeout(this.timer);
      this.timer = 0;
      this.read();
    }

    read() {
      const values = this.values.days ? { days: this.values.days } : {};
      for (const field of this.fields) {
        if (field.type === "checkbox" ? field.checked : field.value) {
          values[field.name] = field.type === "checkbox" && values[field.name] ? `${values[field.name]},${field.value}` : field.value;
        }
      }
      this.set(values, false);
      write();
    }

    set(values, write_fields = true) {
      this.values = values;
      if (write_fields) {
        for (const field of this.fields) {
          const value = values[field.name] ?? "";
          if (field.type === "checkbox") field.checked = value.split(",").includes(field.value);
          else {
            // A region or check without findings: show nothing, not everything.
            if (field.localName === "select" && ![...field.options].some((option) => option.value === value)) field.add(new Option(value, value));
            field.value = value;
          }
        }
      }
      const matches = this.condition();
      for (const group of this.groups) group.filter(matches);
      this.showCount();
    }

    // A function that says whether a row matches, or null if all match.
    condition() {
      const tests = [];
      for (const [name, value] of Object.entries(this.values)) {
        if (WORDS.includes(name)) {
          const words = value.toLowerCase().split(/\s+/).filter(Boolean);
          if (words.length) tests.push((row, group) => words.every((word) => row.text.includes(word) || group.title.includes(word)));
        } else if (name === "days") {
          const [low, high] = value.split("..");
          tests.push(({ data }) => data.days !== "" && (low === "" || +data.days >= +low) && (high === "" || +data.days < +high));
        } else {
          const wanted = new Set(MULTIPLE.includes(name) ? value.split(",") : [value]);
          const several = name === "check";
          tests.push(({ data }) => (several ? data.check.split(" ").some((check) => wanted.has(check)) : wanted.has(data[name] ?? "")));
        }
      }
      return tests.length ? (row, group) => tests.every((test) => test(row, group)) : null;
    }

    showCount() {
      const total = this.groups.reduce((sum, group) => sum + group.rows.length, 0);
      const count = this.groups.reduce((sum, group) => sum + group.matches.length, 0);
      this.controls.querySelector("[data-count]").textContent = count < total
        ? say(total === 1 && !texts["{count} entries"] ? "{count} of {total} entry" : "{count} of {total} entries", { count: number(count), total: number(total) })
        : say(total === 1 && !texts["{count} entries"] ? "{count} entry" : "{count} entries", { count: number(total) });
      this.section.querySelector("[data-none]").hidden = count > 0;
      this.clear.hidden = !Object.keys(this.values).length;
      if (this.drop) {
        this.drop.hidden = !this.values.days;
        if (this.drop.hidden) return;
        const [low, high] = (this.values.days ?? "").split("..");
        this.drop.textContent = say(!low ? "Up to {high} days" : !high ? "{low} days and more" : "{low} to {high} days", { low, high });
      }
    }

    reveal(id) {
      for (const group of this.groups) {
        const row = group.has(id);
        if (!row) continue;
        if (!group.matches.includes(row)) {
          this.set({});
          write();
        }
        if (group.matches.indexOf(row) >= group.limit) {
          group.pinned = row;
          group.draw();
        }
        return row.show();
      }
      return null;
    }
  }

  const views = all("[data-view]").map((section) => new View(section)).filter((view) => view.controls);

  // The address as of the last time that it was written or followed.
  let address = location.hash;

  function write() {
    // A link was followed just now, and its event comes next: it must not be lost.
    if (location.hash !== address) return;
    const parameters = new URLSearchParams();
    for (const view of views) for (const name of view.names) if (view.values[name]) parameters.set(name, view.values[name]);
    const text = parameters.toString().replaceAll("%2C", ",");
    try {
      history.replaceState(null, "", text ? `#${text}` : `${location.pathname}${location.search}`);
    } catch {
      // Pages in a sandbox cannot change their address. The filters still work.
    }
    address = location.hash;
  }

  // Apply the filters in the address, or go to the element that it names.
  function follow() {
    address = location.hash;
    const hash = address.slice(1);
    // Otherwise a search that still waits would hide again what the link shows.
    for (const view of views) view.settle();
    all(".aim").forEach((element) => element.classList.remove("aim"));
    if (hash.includes("=")) {
      const parameters = new URLSearchParams(hash);
      let first = null;
      for (const view of views) {
        const values = {};
        for (const name of view.names) if (parameters.get(name)) values[name] = parameters.get(name);
        if (Object.keys(values).length || Object.keys(view.values).length) view.set(values);
        if (Object.keys(values).length) first ??= view;
      }
      first?.section.scrollIntoView();
      first?.section.focus({ preventScroll: true });
    } else if (hash) {
      for (const view of views) {
        const row = view.reveal(hash);
        if (!row) continue;
        // A listener is a part of a row, and an endpoint one of a listener.
        const named = document.getElementById(hash);
        const aim = named.closest(".probe, .listener, .row");
        aim.classList.add("aim");
        const details = named.closest("details");
        if (details) details.open = true;
        aim.scrollIntoView({ block: "start" });
        const target = aim.querySelector("summary, a");
        (aim === row ? target : aim)?.focus({ preventScroll: true });
        // Rows above that were not rendered before may take more space than estimated.
        requestAnimationFrame(() => aim.scrollIntoView({ block: "start" }));
        break;
      }
    }
  }

  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link) return;
    const days = link.dataset.days;
    const view = days && views.find((item) => item.names.includes("days"));
    if (view) {
      event.preventDefault();
      view.set({ days });
      write();
      view.section.scrollIntoView();
      view.section.focus({ preventScroll: true });
    } else if (link.getAttribute("href") === location.hash) {
      event.preventDefault();
      follow();
    }
  });

  // The timeline is one tab stop; arrow keys move between marks.
  for (const chart of all("[data-timeline]")) {
    const links = all("a", chart);
    const tip = chart.querySelector("[data-tip]");
    const last = links.length - 1;
    const order = links
      .map((link) => [link.getBoundingClientRect().left, link])
      .sort((one, other) => one[0] - other[0])
      .map(([, link]) => link);
    order.forEach((link, index) => {
      link.setAttribute("tabindex", index ? "-1" : "0");
      link.querySelector("title")?.remove();
    });
    const hint = (link) => {
      tip.hidden = !link;
      if (!link) return;
      tip.textContent = link.getAttribute("aria-label");
      const box = chart.getBoundingClientRect();
      const mark = (link.querySelector(".mark, .part") ?? link).getBoundingClientRect();
      const middle = mark.left + mark.width / 2 - box.left;
      tip.style.left = `${Math.max(4, Math.min(middle - tip.offsetWidth / 2, box.width - tip.offsetWidth - 4))}px`;
      const top = Math.min(...all(".mark, .part", link).map((item) => item.getBoundingClientRect().top)) - box.top;
      tip.style.top = `${top - tip.offsetHeight - 8}px`;
    };
    const near = (event) => event.target.closest?.("a");
    chart.addEventListener("pointerover", (event) => hint(near(event)));
    chart.addEventListener("pointerleave", () => hint(null));
    chart.addEventListener("focusin", (event) => hint(near(event)));
    chart.addEventListener("focusout", () => hint(null));
    chart.addEventListener("keydown", (event) => {
      if (event.key === "Escape") hint(null);
      const at = order.indexOf(near(event));
      const to = { ArrowRight: Math.min(at + 1, last), ArrowUp: Math.min(at + 1, last), ArrowLeft: Math.max(at - 1, 0), ArrowDown: Math.max(at - 1, 0), Home: 0, End: last }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      order[at].setAttribute("tabindex", "-1");
      order[to].setAttribute("tabindex", "0");
      order[to].focus();
    });
  }

  // Printed lists are complete, because nothing can be expanded on paper. Certificates stay one line each unless they are
  // expanded: with their facts, two of them would take a page.
  const groups = views.flatMap((view) => view.groups);
  let folded = [];
  let limits = null;
  const draw = (limit) => {
    groups.forEach((group, index) => {
      group.limit = limit(index);
      group.draw();
    });
  };
  addEventListener("beforeprint", () => {
    if (limits) return;
    limits = groups.map((group) => group.limit);
    draw(() => Infinity);
    folded = all(":is(.fold, .rest):not([open])");
    folded.forEach((details) => (details.open = true));
  });
  addEventListener("afterprint", () => {
    if (!limits) return;
    folded.forEach((details) => (details.open = false));
    draw((index) => limits[index]);
    limits = null;
  });

  if (location.hash) follow();
})();
