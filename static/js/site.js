"use strict";
// What a script can add to a page that is whole without one: the theme switch, copying, "/" for the search.
(() => {
  const status = document.querySelector("[data-status]");
  const say = (text) => {
    status.textContent = "";
    requestAnimationFrame(() => (status.textContent = text));
  };

  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  const theme = document.querySelector("[data-theme-switch]");
  const show = () => theme.setAttribute("aria-pressed", String(isDark()));
  show();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    show();
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch (_) {
      // Storage is switched off: the choice holds for this page.
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = document.querySelector("[data-search]");
    if (!field || event.target.closest("input, textarea, select, iframe, [contenteditable]")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  const fallbackCopy = (text) => {
    // navigator.clipboard exists on https and localhost only.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  };
  const copy = (text) => (navigator.clipboard ? navigator.clipboard.writeText(text).catch(() => fallbackCopy(text)) : fallbackCopy(text));

  // Letters and digits alone: a space, or a sign that means something in an address, stays as it is.
  const readable = (address) =>
    address.replace(/(?:%[0-9A-F]{2})+/gi, (escaped) => {
      try {
        const text = decodeURIComponent(escaped);
        return /^[\p{L}\p{M}\p{N}]+$/u.test(text) ? text : escaped;
      } catch (_) {
        return escaped; // not UTF-8
      }
    });
  const textFor = (button) => {
    if (button.dataset.copyLink) return readable(button.dataset.copyLink);
    if (button.dataset.copyFrom) return document.getElementById(button.dataset.copyFrom).content.textContent;
    return button.closest(".prompt, .code").querySelector("[data-copy-text], code").textContent;
  };
  for (const button of document.querySelectorAll("[data-copy], [data-copy-from], [data-copy-link]")) {
    const label = button.innerHTML;
    let timer;
    button.addEventListener("click", async () => {
      try {
        await copy(textFor(button));
      } catch (_) {
        say(status.dataset.failed);
        return;
      }
      button.textContent = button.dataset.done;
      say(button.dataset.done);
      clearTimeout(timer);
      timer = setTimeout(() => (button.innerHTML = label), 2000);
    });
  }
})();
