// The check before publishing: says in words, on the site's clock, what a chosen moment comes to; shows the readers'
// page as a phone and as a desktop would.

const field = document.querySelector("[data-when-url]");
const words = field && document.getElementById(field.getAttribute("aria-describedby"));
let asked = 0;

async function spell() {
  const number = ++asked;
  if (!field.value) return void (words.textContent = "");
  try {
    const response = await fetch(`${field.dataset.whenUrl}?at=${encodeURIComponent(field.value)}`, { redirect: "manual" });
    const answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
    if (number === asked) words.textContent = answer.text || answer.error || "";
  } catch {
    if (number === asked) words.textContent = ""; // offline: the page says it after the press of the button
  }
}

field?.addEventListener("input", spell);

const DESKTOP = 1280; // CSS pixels
const readers = document.querySelector("[data-readers]");

// A desktop's page is made smaller until it fits; a phone's has its own width.
function fit() {
  const box = readers.querySelector(".desk-window");
  const wide = readers.querySelector("[value=desktop]").checked;
  const scale = wide ? Math.min(1, box.clientWidth / DESKTOP) : 1;
  const small = scale < 1 && { width: `${DESKTOP}px`, height: `${box.clientHeight / scale}px`, transform: `scale(${scale})` };
  Object.assign(box.firstElementChild.style, small || { width: "", height: "", transform: "" });
}

// The frame stays on this page: links to others open beside it.
function holdLinks(frame) {
  frame.contentDocument?.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link && !link.getAttribute("href").startsWith("#")) Object.assign(link, { target: "_blank", rel: "noopener" });
  });
}

if (readers) {
  const frame = readers.querySelector("iframe");
  if (innerWidth < 700) readers.querySelector("[value=phone]").checked = true;
  readers.addEventListener("change", fit);
  addEventListener("resize", fit);
  frame.addEventListener("load", () => holdLinks(frame));
  holdLinks(frame);
  fit();
}
