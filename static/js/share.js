"use strict";
// Sharing: the system's own list where there is one, and one's own server for Mastodon.
(() => {
  const row = document.querySelector(".share");
  const { title, address } = row.dataset;

  row.querySelector("[data-share-page]").addEventListener("click", () => {
    navigator.share({ title, url: address }).catch(() => {}); // not sharing after all is no error
  });

  const KEY = "mastodon:server";
  const dialog = row.querySelector("dialog");
  const [field] = dialog.querySelectorAll("input");
  const link = row.querySelector("[data-mastodon]");
  const host = (text) => {
    const name = text.trim().replace(/^https?:\/\//i, "").split("/")[0].split("@").at(-1);
    try {
      const url = new URL(`https://${name}`);
      return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(url.host) ? url.host : "";
    } catch (_) {
      return "";
    }
  };
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    try {
      field.value = localStorage.getItem(KEY) || "";
    } catch (_) {
      // Storage is switched off: it is asked for each time.
    }
    field.setCustomValidity("");
    dialog.showModal();
    field.select();
  });
  field.addEventListener("input", () => field.setCustomValidity(""));
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const server = host(field.value);
    if (!server) {
      field.setCustomValidity(field.dataset.wrong);
      field.reportValidity();
      return;
    }
    try {
      localStorage.setItem(KEY, server);
    } catch (_) {
      // See above.
    }
    const url = new URL(link.href);
    url.hostname = server;
    location.assign(url);
  });
})();
