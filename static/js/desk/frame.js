// Inside the preview: shows what the writing screen sends, keeps in step with it, and leads nowhere else.

const HAND_MS = 400;
const main = document.querySelector("main");
const styles = new CSSStyleSheet();
document.adoptedStyleSheets = [styles];
const tell = (message) => parent.postMessage(message, location.origin);

let places = []; // ids, in the order of the text
let hand = 0; // when somebody last scrolled here

const show = ({ html, sheet, lang, places: ids }) => {
  main.innerHTML = html; // sanitised: it is what the server puts on the page
  styles.replaceSync(sheet);
  document.documentElement.lang = lang;
  places = ids;
  for (const play of main.querySelectorAll("[data-load]")) play.textContent = play.dataset.load;
  for (const link of main.querySelectorAll("a[href]")) link.tabIndex = -1;
};

// Where a place stands; "" is the top, null the end.
const top = (id) => {
  if (id === "") return 0;
  const element = id === null ? null : document.getElementById(id);
  return element ? element.getBoundingClientRect().top + scrollY : document.documentElement.scrollHeight;
};
const point = (y) => {
  const all = ["", ...places.filter((id) => document.getElementById(id)), null];
  const i = Math.max(0, all.findLastIndex((id) => id !== null && top(id) <= y));
  const [from, to] = [all[i], all[i + 1]];
  return { from, to, share: Math.min(1, (y - top(from)) / Math.max(1, top(to) - top(from))) };
};

addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== parent) return;
  if (data.type === "hello") tell({ type: "ready" });
  else if (data.type === "show") show(data);
  else if (data.type === "scroll") {
    const y = top(data.from) + data.share * (top(data.to) - top(data.from));
    scrollTo({ top: y - data.part * innerHeight });
  }
});

for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  addEventListener(name, () => (hand = performance.now()), { passive: true });
}
addEventListener("scroll", () => {
  if (performance.now() - hand > HAND_MS) return;
  hand = performance.now();
  const part = scrollY / Math.max(1, document.documentElement.scrollHeight - innerHeight);
  tell({ type: "scrolled", part, ...point(scrollY + part * innerHeight) });
});
addEventListener("click", (event) => {
  if (event.target.closest("a, button")) event.preventDefault();
});
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault()); // or a file opens
addEventListener("auxclick", (event) => event.preventDefault());
addEventListener("dblclick", (event) => tell({ type: "go", ...point(event.pageY) }));
tell({ type: "ready" });
