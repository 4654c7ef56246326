"use strict";
// Results while one types. The form works without this; nothing here touches what is being typed, so that Hangul
// can be composed in peace.
(() => {
  const form = document.querySelector("[data-search-form]");
  const field = form.querySelector("[data-search]");
  const results = document.querySelector("[data-search-results]");
  const status = document.querySelector("[data-status]");
  const WAIT = 180; // milliseconds after the last key
  let timer, asking;

  const address = () => {
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim()) values.append(name, value.trim());
    return values;
  };
  let shown = address().toString();

  const show = (html, query) => {
    results.innerHTML = html; // our own server's, escaped there
    shown = query;
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
    const first = results.firstElementChild;
    document.title = first.dataset.title;
    status.textContent = first.matches(".found") ? first.firstChild.textContent : "";
  };

  const fail = (reason) => {
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.textContent = status.textContent = reason;
    results.replaceChildren(hint); // what stood there is of other words
    shown = undefined;
  };

  const ask = async () => {
    const values = address();
    const query = values.toString();
    asking?.abort();
    if (query === shown) return;
    const mine = (asking = new AbortController());
    values.set("part", "results");
    try {
      const response = await fetch(`${form.action}?${values}`, { signal: mine.signal });
      const html = response.ok ? await response.text() : "";
      if (mine !== asking) return;
      if (/^<!doctype/i.test(html)) fail(form.dataset.files); // a file is the same whatever is asked
      else if (html) show(html, query);
      else fail(results.dataset.failed);
    } catch (_) {
      if (!mine.signal.aborted) fail(results.dataset.failed); // else another letter came first
    }
  };

  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(ask, event.target === field ? WAIT : 0);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    asking?.abort();
  });

  const move = (event, step) => {
    const links = [...results.querySelectorAll("h2 a, .index a")];
    const next = links.indexOf(document.activeElement) + step;
    if (next >= links.length) return;
    event.preventDefault();
    (links[next] ?? field).focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const inResults = results.contains(document.activeElement);
    if (document.activeElement !== field && !inResults) return;
    if (event.key === "ArrowDown") move(event, 1);
    if (event.key === "ArrowUp" && inResults) move(event, -1);
    if (event.key === "Escape" && inResults) field.focus();
  });
})();
