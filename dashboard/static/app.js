// What the pages do beyond what they show: menus that close, lists that can be narrowed, keys, and the theme without a
// reload. Everything here is an addition; without it every page still reads, filters and prints.
(() => {
  "use strict";
  const root = document.documentElement;

  // The theme.
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (!form.matches("[data-theme-switch]") || !e.submitter) return;
    e.preventDefault();
    const value = e.submitter.value;
    if (value === "auto") delete root.dataset.theme; else root.dataset.theme = value;
    document.querySelectorAll("[data-theme-switch] button").forEach((b) => b.setAttribute("aria-pressed", String(b.value === value)));
    document.dispatchEvent(new Event("wenguo:redraw"));
    fetch(form.action, { method: "POST", body: new URLSearchParams({ theme: value, back: "/healthz", csrf: form.elements.csrf.value }), redirect: "manual" }).catch(() => {});
  });

  // Menus.
  const closeMenus = (but) => document.querySelectorAll("[data-drop][open]").forEach((d) => { if (d !== but) d.open = false; });
  document.addEventListener("click", (e) => closeMenus(e.target.closest("[data-drop]")));
  for (const find of document.querySelectorAll("[data-menu-find]")) {
    find.hidden = false;
    find.addEventListener("input", () => {
      const wanted = find.value.trim().toLowerCase();
      for (const label of find.closest("fieldset").querySelectorAll("label")) {
        label.hidden = wanted !== "" && !label.querySelector("input").checked && !label.textContent.toLowerCase().includes(wanted);
      }
    });
    find.addEventListener("keydown", (e) => { if (e.key === "Enter") e.preventDefault(); });
  }

  // Keys. A key belongs to the link that carries it.
  const help = document.getElementById("help");
  const list = help?.querySelector("[data-keys]");
  if (list) {
    for (const link of document.querySelectorAll("nav a[data-key]")) {
      const row = document.createElement("div");
      const keys = document.createElement("dt"), name = document.createElement("dd");
      for (const k of ["g", link.dataset.key]) {
        const key = document.createElement("kbd");
        key.textContent = k;
        keys.append(key, " ");
      }
      name.textContent = link.textContent.trim();
      row.append(keys, name);
      list.append(row);
    }
  }
  document.querySelectorAll("[data-help]").forEach((b) => { b.hidden = false; b.addEventListener("click", () => help?.showModal()); });
  help?.addEventListener("click", (e) => { if (e.target === help) help.close(); });

  const typing = (el) => el?.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  let leader = 0; // when g was pressed
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") {
      const open = document.activeElement?.closest?.("[data-drop][open]");
      closeMenus();
      open?.querySelector("summary").focus();
      if (document.activeElement?.closest(".why") || document.activeElement?.matches("input[type=search]")) document.activeElement.blur();
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || typing(document.activeElement) || document.querySelector("dialog[open]")) return;
    if (leader && Date.now() - leader < 1500) {
      leader = 0;
      const link = document.querySelector(`nav a[data-key="${CSS.escape(e.key)}"]`);
      if (link) { e.preventDefault(); link.click(); return; }
    }
    if (e.key === "g") leader = Date.now();
    if (e.key === "?" && help) { e.preventDefault(); help.showModal(); }
    if (e.key === "/") {
      const boxes = [...document.querySelectorAll("main input[type=search]:not([data-menu-find]), input[type=search][name=q]")].filter((b) => b.offsetParent !== null);
      if (boxes[0]) { e.preventDefault(); boxes[0].focus(); boxes[0].select(); }
    }
  });
})();
