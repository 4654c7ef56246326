"use strict";
// Players: nothing is loaded from another site before its reader asks for it.
(() => {
  const words = document.currentScript.dataset;
  const status = document.querySelector("[data-status]");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const LOWEST = 160;
  const HIGHEST = 2400;
  const PATIENCE_MS = 10000;

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // --- "Always load from X": the origins of players, remembered by this browser alone ---
  const KEY = "players:always";
  const unsaved = new Set(); // the same for this page, where storage is switched off
  const wanted = () => {
    try {
      return new Set(JSON.parse(localStorage.getItem(KEY)));
    } catch (_) {
      return unsaved; // Storage is switched off, or holds something else.
    }
  };
  const want = (origin, always) => {
    const origins = wanted();
    origins[always ? "add" : "delete"](origin);
    try {
      localStorage.setItem(KEY, JSON.stringify([...origins]));
    } catch (_) {
      // See above.
    }
    for (const box of document.querySelectorAll(".player-bar input")) if (box.value === origin) box.checked = always;
    for (const figure of waiting.keys()) {
      near.unobserve(figure); // so that those on the screen now are looked at again
      near.observe(figure);
    }
  };
  const waiting = new Map(); // figure that nobody has opened yet → {origin, open}
  const near = new IntersectionObserver(
    (entries) => {
      const origins = wanted();
      for (const { target, isIntersecting } of entries) {
        const player = waiting.get(target);
        if (isIntersecting && player && origins.has(player.origin)) player.open();
      }
    },
    { rootMargin: "200px 0px" },
  );

  // --- What frames tell about themselves: a height in pixels, or NOTHING if there is no such post any more ---
  const NOTHING = Symbol("nothing");
  const tells = {
    x: (data) => {
      const message = data["twttr.embed"];
      if (message?.method === "twttr.private.no_results") return NOTHING;
      return message?.method === "twttr.private.resize" ? message.params?.[0]?.height : undefined;
    },
    bluesky: (data) => data.height,
    mastodon: (data) => (data.type === "setHeight" ? data.height : undefined),
  };
  const parse = (data) => {
    try {
      return Object(typeof data === "string" ? JSON.parse(data) : data);
    } catch (_) {
      return {}; // Somebody else's message.
    }
  };

  // --- What plays: a frame, or the browser itself ---
  const isDark = () => {
    const theme = document.documentElement.dataset.theme;
    return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  const address = (about, plays) => {
    const src = about.player
      .replace("{theme}", isDark() ? "dark" : "light")
      .replace("{lang}", encodeURIComponent(document.documentElement.lang))
      .replace("{host}", encodeURIComponent(location.hostname))
      .replace("{id}", String(Math.random()).slice(2));
    const url = new URL(src);
    if (plays && about.autoplay) url.searchParams.set(...about.autoplay.split("="));
    return url.href;
  };
  const makeFrame = (about, plays) => {
    const frame = element("iframe", {
      title: `${about.title} — ${about.site}`,
      allow: about.allow,
      referrerPolicy: about.referrer,
    });
    // Scripts, because players are made of them; same-origin is their own origin, not ours.
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-presentation");
    frame.src = address(about, plays);
    return frame;
  };
  const makeMedia = (about, plays) =>
    element(about.kind, { src: about.player, controls: true, autoplay: plays, playsInline: true, ariaLabel: about.title });

  // --- A button out of each link to something that can be played here ---
  const prepare = (link, number) => {
    const about = link.dataset;
    const { origin } = new URL(about.player);
    const figure = link.closest("figure");
    const card = figure.querySelector(".still");
    const loads = figure.querySelector(".loads");
    const [note, elsewhere] = loads.children;
    note.id = `loads:${number + 1}`;
    const trouble = element("b");
    note.prepend(trouble);
    const button = element("button", {
      type: "button",
      className: "play",
      textContent: about.load,
      ariaLabel: `${about.load}: ${about.title}`,
    });
    button.setAttribute("aria-describedby", note.id);

    const open = (clicked = false) => {
      near.unobserve(figure);
      waiting.delete(figure);
      trouble.textContent = "";
      const media = (about.kind === "frame" ? makeFrame : makeMedia)(about, clicked && !calm);
      const height = Number(about.height) || (about.sizing ? Math.max(LOWEST, card.offsetHeight) : 0);
      if (height) media.style.height = `${height}px`;

      const close = element("button", {
        type: "button",
        className: "quiet",
        textContent: words.close,
        ariaLabel: `${words.close}: ${about.title}`,
      });
      const always = element("input", { type: "checkbox", value: origin, checked: wanted().has(origin) });
      const label = element("label", {}, always, words.always.replace("{site}", about.site));
      const slow = element("b");
      const bar = element("p", { className: "player-bar", lang: words.lang }, close, elsewhere.cloneNode(true), slow, label);
      const box = element("div", { className: height ? "player sized" : "player" }, bar, media);

      const closed = new AbortController();
      const end = (message = "") => {
        const focused = !message || box.contains(document.activeElement);
        closed.abort();
        clearTimeout(timer);
        box.remove();
        card.hidden = loads.hidden = false;
        trouble.textContent = message && `${message} `;
        if (message) status.textContent = message;
        if (focused) button.focus();
      };
      const hear = (event) => {
        if (event.source !== media.contentWindow || event.origin !== origin) return;
        const height = tells[about.sizing](parse(event.data));
        if (height === NOTHING) end(words.empty.replace("{site}", about.site));
        if (!Number.isFinite(height)) return;
        clearTimeout(timer);
        slow.textContent = "";
        media.style.height = `${Math.min(HIGHEST, Math.max(LOWEST, Math.ceil(height)))}px`;
      };
      const complain = () => {
        slow.textContent = status.textContent = words.slow.replace("{site}", about.site);
      };
      const timer = about.sizing ? setTimeout(complain, PATIENCE_MS) : 0;
      close.addEventListener("click", () => end());
      bar.addEventListener("keydown", (event) => event.key === "Escape" && end());
      always.addEventListener("change", () => want(origin, always.checked));
      if (about.sizing) addEventListener("message", hear, { signal: closed.signal });
      if (about.sizing === "mastodon") {
        media.addEventListener("load", () => media.contentWindow.postMessage({ type: "setHeight", id: 1 }, origin));
      }

      card.hidden = loads.hidden = true;
      card.after(box);
      // Not the frame: one that goes from its empty page to the provider's loses the keyboard again, now and then for good.
      if (clicked) (about.kind === "frame" ? close : media).focus({ preventScroll: true });
    };

    button.addEventListener("click", () => open(true));
    link.replaceWith(button);
    waiting.set(figure, { origin, open });
    near.observe(figure);
  };
  document.querySelectorAll("a.play[data-player]").forEach(prepare);

  // A film that repeats for ever is motion that nobody asked for.
  if (calm) for (const film of document.querySelectorAll("video[loop]")) film.loop = false;
})();
