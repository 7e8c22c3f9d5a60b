// Deadlines count down where they stand. The page says the same without this; only the seconds need it.
(() => {
  "use strict";
  const two = (n) => String(n).padStart(2, "0");
  // The same words as leftText of the server.
  const units = (s) => {
    if (s < 3600) return say("{} 分 {} 秒", Math.floor(s / 60), two(s % 60));
    if (s < 86400) return say("{} 小时 {} 分", Math.floor(s / 3600), two(Math.floor(s / 60) % 60));
    return say("{} 天 {} 小时", Math.floor(s / 86400), Math.floor(s / 3600) % 24);
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
      const text = left < 0 ? say("超 {}", units(Math.floor(-left / 1000))) : say("剩 {}", units(Math.floor(left / 1000)));
      if (el.textContent !== text) el.textContent = text;
      if (left < 0) el.closest("li").dataset.tone = "bad";
    }
  };

  document.body.addEventListener("htmx:afterSettle", () => { synchronise(); tick(); });

  synchronise();
  setInterval(tick, 1000);
})();
