"use strict";
// Puts a button on each block of code; site.js, which comes after this, makes it copy. Only pages with code load this.
(() => {
  const { copy, copied } = document.currentScript.dataset;
  for (const block of document.querySelectorAll(".body pre:has(> code)")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet copy";
    button.textContent = copy;
    button.setAttribute("aria-label", `${copy}: ${block.getAttribute("aria-label")}`);
    button.dataset.copy = "";
    button.dataset.done = copied;
    if (!block.parentElement.matches("figure.code")) {
      const frame = document.createElement("div");
      frame.className = "code";
      block.replaceWith(frame);
      frame.append(block);
    }
    block.before(button);
  }
})();
