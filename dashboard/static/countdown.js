// Deadlines count down where they stand. The page says the same without this; only the seconds need it.
(() => {
  "use strict";
  const two = (n) => String(n).padStart(2, "0");
  // The same words as leftText of the server.
  const units = (s) => {
    if (s < 3600) return `${Math.floor(s / 60)} 分 ${two(s % 60)} 秒`;
    if (s < 86400) return `${Math.floor(s / 3600)} 小时 ${two(Math.floor(s / 60) % 60)} 分`;
    return `${Math.floor(s / 86400)} 天 ${Math.floor(s / 3600) % 24} 小时`;
  };
  // The server's clock decides; the reader's may be wrong.
  let ahead = 0;
  const synchronise = () => {
    const now = document.getElementById("due")?.dataset.now;
    if (now) ahead = Date.parse(now) - Date.now();
  };
  const tick = () => {
    if (document.hidden || !document.getElementById("due")?.dataset.now) return;
    const now = Date.now() + ahead;
    for (const el of document.querySelectorAll("[data-due]")) {
      const left = Date.parse(el.dataset.due) - now;
      const text = left < 0 ? `超 ${units(Math.floor(-left / 1000))}` : `剩 ${units(Math.floor(left / 1000))}`;
      if (el.textContent !== text) el.textContent = text;
      if (left < 0) el.closest("li").dataset.tone = "bad";
    }
  };

  document.body.addEventListener("htmx:afterSettle", () => { synchronise(); tick(); });

  synchronise();
  setInterval(tick, 1000);
})();
