// Pages renew what has changed, and nothing else. The server says over one stream which topics have moved; the parts of
// the page that show them are fetched again, when the reader is not just using them. Without the stream the page asks
// from time to time, and while the server cannot be reached the header says so.
(() => {
  "use strict";
  const header = () => document.getElementById("freshness");
  if (!header() || !window.htmx) return;

  const parts = "[data-refresh], [data-refresh-slow]";
  const second = 1000;
  const silence = 40 * second; // after it the line counts as dead: a beat comes every 15 s
  const grace = 3 * second;    // a line that breaks and comes back at once is not worth a word
  const beat = 15 * second;

  // marks are the server's newest words, one for each topic; shown are those that a part was made of.
  const marksOf = (el) => { try { return JSON.parse(el?.dataset.marks ?? "{}"); } catch { return {}; } };
  // What depends on the time alone has marks of its own: a part that counts what is overdue is old after a minute, one that
  // says nothing about itself after a quarter of it.
  const clock = () => ({ minute: String(Math.floor(Date.now() / (60 * second))), quarter: String(Math.floor(Date.now() / (15 * second))) });
  let marks = { ...marksOf(header()), ...clock() };
  const first = marks;
  const shown = new Map(); // by the id of the part: its marks and when it was asked for
  const topics = (el) => (el.dataset.on ?? ("refreshSlow" in el.dataset ? "facts" : "facts quarter")).split(" ");
  const every = (el) => second * Number(el.dataset.every ?? ("refreshSlow" in el.dataset ? 60 : 10));
  const behind = (el) => {
    const had = shown.get(el.id)?.marks ?? first;
    return topics(el).some((t) => marks[t] !== undefined && marks[t] !== had[t]);
  };

  // A part is left alone while its explanation is read, something in it is marked, or something is typed into it.
  const busy = (el) =>
    el.querySelector(".why:hover, .due-list:hover, [data-drop][open], dialog[open]") !== null ||
    (el.contains(document.activeElement) && document.activeElement.matches("input, textarea, select, [contenteditable]")) ||
    (!getSelection().isCollapsed && el.contains(getSelection().anchorNode));

  let held = false;
  const settle = (force = false) => {
    if (document.hidden) return;
    let waits = false;
    for (const el of document.querySelectorAll(parts)) {
      if (!behind(el)) continue;
      const since = Date.now() - (shown.get(el.id)?.at ?? 0);
      if (!force && since < every(el)) continue;
      if (!force && busy(el)) { waits = true; continue; }
      shown.set(el.id, { marks, at: Date.now() });
      window.htmx.trigger(el, "renew");
    }
    held = waits;
    tell();
  };

  // What the header says about the line itself.
  let touched = Date.now(); // when the server was last heard of
  let broken = 0;           // since when it is not, 0 while it is
  const tell = () => {
    const el = header();
    if (!el) return;
    const lost = broken !== 0 && Date.now() - broken > grace;
    el.toggleAttribute("data-stale", lost);
    const note = el.querySelector("[data-lost]"), button = el.querySelector("[data-held]");
    if (note && note.hidden === lost) note.hidden = !lost;
    if (button && button.hidden === held) button.hidden = !held;
  };
  const heard = () => { touched = Date.now(); broken = 0; tell(); };
  const missed = () => { if (broken === 0) broken = Date.now(); tell(); };
  const renewHeader = () => { if (header() && !busy(header())) window.htmx.trigger(header(), "renew"); };

  let stream = null, tries = 0, again = 0;
  const shut = () => { stream?.close(); stream = null; clearTimeout(again); };
  const listen = () => {
    if (stream || document.hidden) return;
    clearTimeout(again);
    stream = new EventSource("/events");
    stream.addEventListener("marks", (e) => { tries = 0; heard(); marks = { ...JSON.parse(e.data), ...clock() }; settle(); });
    stream.addEventListener("beat", () => { tries = 0; heard(); renewHeader(); });
    stream.addEventListener("error", () => {
      shut();
      missed();
      // Every page would come back at the same moment; chance spreads them.
      const wait = Math.min(30 * second, second * 2 ** tries++) * (0.5 + Math.random() / 2);
      again = setTimeout(listen, wait);
    });
  };

  // The header is the smallest part. It carries marks, so that a page without a stream learns the same by asking.
  let asked = Date.now();
  setInterval(() => {
    if (document.hidden) return;
    const now = Date.now();
    if (stream && now - touched > silence) { shut(); missed(); listen(); }
    if (!stream && now - asked > beat) { asked = now; renewHeader(); }
    marks = { ...marks, ...clock() };
    settle();
  }, second);

  // What a swap must not disturb: where the reader looks, what is open, what has the focus.
  let kept = null;
  const place = (root, el) => {
    const home = el.closest("[id]");
    const list = home ? [...home.querySelectorAll(el.tagName)] : [];
    return home && root.contains(home) ? { id: home.id, tag: el.tagName, at: list.indexOf(el) } : null;
  };
  const find = (p) => {
    const home = p && document.getElementById(p.id);
    if (!home) return null;
    return p.at < 0 ? home : home.querySelectorAll(p.tag)[p.at] ?? null;
  };
  document.body.addEventListener("htmx:beforeSwap", (e) => {
    const el = e.detail.target;
    if (!el || !el.isConnected) return;
    let anchor = null;
    if (scrollY > 0) {
      for (const one of document.querySelectorAll("main [id]")) {
        const top = one.getBoundingClientRect().top;
        if (top >= 0 && top < innerHeight && one.offsetHeight > 0) { anchor = { id: one.id, top }; break; }
      }
    }
    const active = el.contains(document.activeElement) ? place(el, document.activeElement) : null;
    const open = [...el.querySelectorAll("details[open]")].map((d) => place(el, d)).filter(Boolean);
    kept = { anchor, active, open };
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    if (!kept) return;
    const { anchor, active, open } = kept;
    kept = null;
    for (const p of open) { const d = find(p); if (d && d.tagName === "DETAILS") d.open = true; }
    find(active)?.focus?.({ preventScroll: true });
    const one = anchor && document.getElementById(anchor.id);
    if (one) scrollBy({ top: one.getBoundingClientRect().top - anchor.top, behavior: "instant" });
    document.dispatchEvent(new Event("wenguo:swapped"));
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    const el = header();
    if (!el) return;
    if (!stream) marks = { ...marks, ...marksOf(el) };
    tell();
  });
  document.body.addEventListener("htmx:afterOnLoad", (e) => { if (e.detail.xhr?.status < 500 && e.detail.target?.id === "freshness") heard(); });
  // What could not be fetched is fetched again.
  const failed = (e) => { const id = e.detail.target?.id; if (shown.has(id)) shown.set(id, { marks: {}, at: Date.now() }); };
  document.body.addEventListener("htmx:sendError", (e) => { failed(e); missed(); });
  document.body.addEventListener("htmx:responseError", failed);

  document.addEventListener("click", (e) => { if (e.target.closest?.("[data-held]")) settle(true); });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) shut(); // browsers allow few lines to one server; a page that nobody sees needs none
    else { listen(); settle(); }
  });
  addEventListener("pagehide", shut);
  addEventListener("pageshow", (e) => { if (e.persisted) listen(); });
  listen();
})();
