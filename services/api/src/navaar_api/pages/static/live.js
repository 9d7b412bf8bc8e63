// Keeps an open page up to date: rows, figures and times. Without it the pages are the same, only still.
"use strict";
(() => {
  const main = document.querySelector("main");
  const state = document.querySelector("[data-live]");
  const announcer = document.querySelector("[data-announce]");
  const page = main.dataset.page;
  const MOST_ROWS = 50;
  let hadConnection = false;

  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const words = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });

  function tellTimes(root) {
    for (const time of root.querySelectorAll("time[datetime]")) {
      const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
      const unit = units.find(([, length]) => Math.abs(seconds) >= length);
      const text = unit ? words.format(Math.round(seconds / unit[1]), unit[0]) : seconds > 5 ? "in a moment" : "just now";
      if (time.textContent !== text) time.textContent = text;
    }
  }

  function parsed(html) {
    // The server made this text and escaped what people and platforms wrote.
    const template = document.createElement("template");
    template.innerHTML = html;
    tellTimes(template.content);
    return template.content;
  }

  function show(kind, text) {
    state.hidden = false;
    state.dataset.live = kind;
    state.querySelector("[data-live-text]").textContent = text;
  }

  function announce(text) {
    announcer.textContent = text;
  }

  function rowOf(id) {
    return main.querySelector(`[data-songs] [data-track="${Number(id)}"]`);
  }

  function keepFocus(old, fresh) {
    if (old.contains(document.activeElement)) {
      const links = [...old.querySelectorAll("a")];
      const same = [...fresh.querySelectorAll("a")][links.indexOf(document.activeElement)];
      return () => same && same.focus();
    }
    return () => {};
  }

  function trackChanged(change) {
    if (page === "track") {
      if (Number(main.dataset.only) === change.id) refresh();
      return;
    }
    const rows = main.querySelector("[data-songs]");
    if (!rows) return;
    const fresh = parsed(change.row).firstElementChild;
    fresh.classList.add("fresh");
    const old = rowOf(change.id);
    if (old) {
      const focus = keepFocus(old, fresh);
      old.replaceWith(fresh);
      focus();
    } else if (page === "now") {
      // Newest first, and a track may be told of late.
      const after = [...rows.children].find((row) => Number(row.dataset.track) < change.id);
      if (!after && rows.children.length >= MOST_ROWS) return;
      rows.insertBefore(fresh, after || null);
      while (rows.children.length > MOST_ROWS) rows.lastElementChild.remove();
      rows.closest("table").hidden = false;
      main.querySelector("[data-empty]")?.remove();
    } else {
      return;
    }
    if (change.everywhere) announce(`${change.display} is everywhere now`);
  }

  function trackGone(change) {
    if (page === "track") {
      if (Number(main.dataset.only) === change.id) refresh();
    } else {
      rowOf(change.id)?.remove();
    }
  }

  function figuresChanged(figures) {
    const summary = main.querySelector("[data-summary]");
    if (summary) summary.replaceChildren(parsed(figures.summary));
    for (const [direction, html] of Object.entries(figures.lanes)) {
      main.querySelector(`[data-lane="${direction}"]`)?.replaceChildren(parsed(html));
    }
    for (const name of ["failed", "reviews"]) {
      const badge = document.querySelector(`[data-badge="${name}"]`);
      badge.textContent = figures[name].toLocaleString("en");
      badge.hidden = !figures[name];
    }
  }

  let refreshing = null;
  function refresh() {
    // Once more after a short rest, however many changes come in.
    clearTimeout(refreshing);
    refreshing = setTimeout(async () => {
      if (main.querySelector("details[open]") || main.contains(document.activeElement)) {
        refresh();
        return;
      }
      main.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(location.href, { headers: { accept: "text/html" } });
        if (!answer.ok) return;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
        tellTimes(fresh);
        main.replaceChildren(...fresh.childNodes);
      } catch {
        // The stream's own state tells that the server is away.
      } finally {
        main.removeAttribute("aria-busy");
      }
    }, 400);
  }

  function connect() {
    show("waiting", "Connecting");
    const source = new EventSource("/live");
    const on = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
    on("hello", () => {
      show("on", "Live");
      if (hadConnection) refresh();
      hadConnection = true;
    });
    on("track", trackChanged);
    on("gone", trackGone);
    on("figures", figuresChanged);
    source.onerror = () => {
      show("off", "Offline, trying again");
      // Browsers try again by themselves after a lost connection, but not after an error answer.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
    };
    addEventListener("pagehide", () => source.close());
  }

  // A form is sent once, however often its button is pressed while the answer is on its way.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (form.method !== "post") return;
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    }
  });

  // A page whose question found no answer asks again.
  if (main.querySelector(".problem")) setInterval(refresh, 5000);
  tellTimes(document);
  setInterval(() => tellTimes(document), 15000);
  connect();
})();
