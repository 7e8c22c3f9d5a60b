// What the scripts say. They speak Chinese like the pages; the English page brings a block with their English.
(() => {
  "use strict";
  const block = document.getElementById("words");
  const english = block ? JSON.parse(block.textContent) : {};
  // {} stands for the next value; [s] and [is|are] agree with the number before.
  window.say = (words, ...values) => {
    let last = "", next = 0;
    return (english[words] ?? words).replace(/\{\}|\[([^|\]]*)(?:\|([^\]]*))?\]/g, (mark, one, many) => {
      if (mark === "{}") return (last = String(values[next++]));
      return last === "1" ? (many === undefined ? "" : one) : (many ?? one);
    });
  };
})();
