"use strict";
// Pictures over the page, in full. Without this script their links lead to the files.
(() => {
  const words = document.currentScript.dataset;
  const links = [...document.querySelectorAll("a.zoom, a.enlarge")];
  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const button = (text, name, onclick) => element("button", { type: "button", textContent: text, ariaLabel: name, title: name, onclick });

  const picture = element("img", { alt: "" });
  const view = element("div", { className: "lightbox-view", tabIndex: 0 }, picture);
  const caption = element("p", { className: "lightbox-caption", dir: "auto", ariaLive: "polite" });
  const count = element("span");
  const back = button("←", words.previous, () => show(number - 1));
  const on = button("→", words.next, () => show(number + 1));
  const real = button("1:1", words.real, () => scale(!isReal()));
  const close = button("✕", words.close, () => dialog.close());
  const bar = element("div", { className: "lightbox-bar" }, back, count, on, real, close);
  const dialog = element("dialog", { className: "lightbox", ariaLabel: words.label, lang: words.lang }, view, caption, bar);
  document.body.append(dialog);

  let shown = []; // the links that can be seen now: a player may stand in a still's place
  let number = 0;
  let opener;

  const isReal = () => real.ariaPressed === "true";
  const scale = (wanted, x = 0.5, y = 0.5) => {
    real.ariaPressed = String(wanted);
    dialog.classList.toggle("real", wanted);
    if (wanted) picture.width = picture.naturalWidth / devicePixelRatio;
    else picture.removeAttribute("width");
    view.scrollTo(x * view.scrollWidth - view.clientWidth / 2, y * view.scrollHeight - view.clientHeight / 2);
    if (wanted) view.focus();
  };
  const fits = () => picture.naturalWidth / devicePixelRatio <= view.clientWidth && picture.naturalHeight / devicePixelRatio <= view.clientHeight;
  const measure = () => {
    real.hidden = fits();
    if (real.hidden && isReal()) scale(false);
  };
  const show = (wanted) => {
    if (wanted < 0 || wanted >= shown.length) return;
    number = wanted;
    const link = shown[number];
    const small = link.querySelector("img") || link.closest("figure").querySelector("img");
    scale(false);
    real.hidden = true;
    picture.src = link.href;
    const said = link.closest("figure")?.querySelector(".caption, .image > figcaption")?.textContent.trim();
    caption.lang = link.closest("[lang]:not(a)").lang;
    caption.textContent = said || small.alt;
    picture.alt = caption.textContent === small.alt ? "" : small.alt; // what stands below isn't said twice
    count.textContent = shown.length > 1 ? `${number + 1} / ${shown.length}` : "";
    back.disabled = number === 0;
    on.disabled = number === shown.length - 1;
    back.hidden = on.hidden = shown.length === 1;
  };
  const open = (link) => {
    shown = links.filter((one) => one.getClientRects().length);
    opener = link;
    dialog.showModal();
    show(shown.indexOf(link));
    view.focus();
  };

  for (const link of links) {
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // a new tab was asked for
      event.preventDefault();
      open(link);
    });
  }
  picture.addEventListener("load", measure);
  addEventListener("resize", () => dialog.open && measure());
  view.addEventListener("click", (event) => {
    if (event.target !== picture) dialog.close();
    else if (!real.hidden) {
      const box = picture.getBoundingClientRect();
      scale(!isReal(), (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    }
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isReal() && event.target === view) return; // arrows move the picture
    if (event.key === "ArrowLeft") show(number - 1);
    else if (event.key === "ArrowRight") show(number + 1);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(shown.length - 1);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    picture.removeAttribute("src");
    opener.focus({ preventScroll: true });
  });
})();
