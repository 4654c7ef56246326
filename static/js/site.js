"use strict";
// What a script can add to a page that is whole without one: the theme switch, "/" for the search, copying, the mark in the
// contents, sharing. One file: five requests would cost a reader more than the parts that a page has no use for.
(() => {
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
})();

// A copy of the site made of files gives the same page whatever is asked, and says so.
(() => {
  const form = document.querySelector("form[data-files]");
  const unheard = ([name, value]) => form.elements[name]?.value === "" && /[\p{L}\p{N}]/u.test(value);
  if (!form || ![...new URLSearchParams(location.search)].some(unheard)) return;
  const hint = document.createElement("p");
  hint.className = "hint";
  hint.textContent = form.dataset.files;
  form.after(hint);
})();

// A button on each block of code; the next part makes it copy.
for (const block of document.querySelectorAll(".body pre:has(> code)")) {
  const { copy, copied } = document.querySelector("[data-status]").dataset;
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

(() => {
  const status = document.querySelector("[data-status]");
  const say = (text) => {
    status.textContent = "";
    requestAnimationFrame(() => (status.textContent = text));
  };
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

// The table of contents follows the reading: the section that is being read is marked.
(() => {
  const contents = document.querySelector(".toc");
  if (!contents) return;
  const margin = contents.parentElement;
  const links = new Map(); // heading → its link, in the order of the text
  for (const link of contents.querySelectorAll("a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  const headings = [...links.keys()];
  const passed = new Set(); // headings above the line where eyes rest
  let atEnd = false; // where short sections never reach that line
  let marked;
  const mark = () => {
    const heading = atEnd ? headings.at(-1) : headings.findLast((one) => passed.has(one));
    const link = links.get(heading);
    if (link === marked) return;
    marked?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "location");
    marked = link;
    if (!link || margin.scrollHeight <= margin.clientHeight) return;
    const [box, frame] = [link.getBoundingClientRect(), margin.getBoundingClientRect()]; // its own scrolling, not the page's
    if (box.top < frame.top || box.bottom > frame.bottom) margin.scrollTop += box.top - frame.top - frame.height / 2;
  };
  const line = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) passed[isIntersecting ? "add" : "delete"](target);
      mark();
    },
    { rootMargin: "10000000px 0px -70% 0px" },
  );
  for (const heading of headings) line.observe(heading);
  const end = document.querySelector(".post > footer");
  new IntersectionObserver(([entry]) => {
    atEnd = entry.isIntersecting || entry.boundingClientRect.top < 0;
    mark();
  }, { rootMargin: "0px 0px -40% 0px" }).observe(end);
})();

// Sharing: the system's own list where there is one, and one's own server for Mastodon.
(() => {
  const row = document.querySelector(".share");
  if (!row) return;
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
