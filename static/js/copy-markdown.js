"use strict";
// Buttons that copy the Markdown of a picture.
addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button.copy-markdown")) {
    if (!navigator.clipboard) continue; // no https: nothing can be copied
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
      setTimeout(() => (button.textContent = label), 2000);
    });
  }
});
