// The dialog for pictures: upload some, or choose one of the library.
import { described } from "./upload.js";

const PAUSE = 200;

export function setUpPictures(editor, say) {
  const dialog = document.getElementById("desk:pictures");
  const { dataset } = dialog;
  const form = dialog.querySelector("form");
  const search = form.elements.q;
  const list = dialog.querySelector("[data-pictures]");
  const said = dialog.querySelector("[data-said]");
  const more = dialog.querySelector("[data-more]");
  const chooser = document.querySelector(".desk-uploads input[type=file]");
  let place = [0, 0]; // the selection, which a text loses behind an open dialog
  let page = 1;
  let asked = 0; // only the last answer counts
  let timer = 0;

  const back = () => {
    editor.textarea.focus();
    editor.textarea.setSelectionRange(...place);
  };

  const show = async (number) => {
    const mine = ++asked;
    let answer = null;
    try {
      const response = await fetch(`${dataset.url}?${new URLSearchParams({ q: search.value, page: number })}`);
      answer = response.redirected || !response.ok ? null : await response.json();
    } catch (_) {
      // Offline: said below.
    }
    if (mine !== asked) return;
    if (number === 1) list.replaceChildren();
    page = number;
    const begin = list.children.length;
    list.append(...(answer?.pictures || []).map(item));
    more.hidden = !answer?.more;
    said.textContent = !answer ? dataset.failed : list.children.length ? "" : search.value.trim() ? dataset.none : dataset.empty;
    if (number > 1) list.children[begin]?.querySelector("button").focus();
  };

  const item = (picture) => {
    const row = document.createElement("li");
    const button = document.createElement("button");
    const image = new Image(picture.width, picture.height);
    const name = document.createElement("span");
    image.loading = "lazy";
    image.alt = "";
    image.src = picture.thumbnail;
    name.textContent = picture.alt || picture.name;
    button.type = "button";
    button.append(image, name);
    button.addEventListener("click", () => choose(picture));
    row.append(button);
    return row;
  };

  const choose = (picture) => {
    dialog.close("insert");
    back();
    const words = editor.selected.includes("\n") ? "" : editor.selected.trim();
    const markdown = words ? described(picture.markdown, words) : picture.markdown;
    const silent = markdown.startsWith("![](");
    editor.insertBlock(markdown, silent ? [2, 2] : undefined);
    say(silent ? dataset.describe : "");
  };

  form.addEventListener("submit", (event) => event.preventDefault()); // Enter in the search
  search.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(() => show(1), PAUSE);
  });
  search.addEventListener("compositionend", () => (timer = setTimeout(() => show(1), PAUSE)));
  more.addEventListener("click", () => show(page + 1));
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-upload]")?.addEventListener("click", () => {
    dialog.close("upload");
    place = [place[1], place[1]]; // words that are selected stay
    back();
    chooser.click();
  });
  dialog.addEventListener("close", () => dialog.returnValue || back());

  return {
    open() {
      dialog.returnValue = "";
      place = [editor.start, editor.end];
      search.value = "";
      list.replaceChildren();
      dialog.showModal();
      search.focus();
      show(1);
    },
  };
}
