// A new post's address follows its title until somebody writes another; the server says what it could be.
const WAIT = 300; // ms without a key

/** Calls `action` once nothing has happened for a moment, and never while a syllable is being composed. */
function afterPause(field, action) {
  let timer;
  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(action, WAIT);
  });
  field.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(action, WAIT);
  });
  field.addEventListener("change", () => {
    clearTimeout(timer);
    action();
  });
}

/** Let `slug` follow `title`. */
export function install(title, slug) {
  const note = document.createElement("div");
  note.className = "help slug-note";
  note.setAttribute("role", "status");
  slug.after(note);
  let own = slug.value !== "";
  let latest = 0;

  const ask = async (words) => {
    const number = (latest += 1);
    const query = new URLSearchParams({ post: slug.dataset.post, ...words });
    try {
      const response = await fetch(`${slug.dataset.propose}?${query}`, { headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected) return null;
      const answer = await response.json();
      return number === latest ? answer : null;
    } catch (_) {
      return null; // offline: without a slug, saving gives one
    }
  };

  afterPause(title, async () => {
    if (own) return;
    const answer = await ask({ title: title.value });
    if (answer && !own) slug.value = answer.slug;
  });
  slug.addEventListener("input", () => (own = slug.value !== ""));
  afterPause(slug, async () => {
    note.textContent = (own && (await ask({ slug: slug.value }))?.note) || "";
  });
}

const field = document.querySelector("input[data-propose]");
if (field) install(document.getElementById("id_title"), field);
