// The writing screen: finds its parts and puts them together. Without it, the form is a form.
import { Editor } from "./editor.js";
import { setUpEmbeds } from "./embed.js";
import { setUpPictures } from "./pictures.js";
import { setUpPreview } from "./preview.js";
import { setUpTools } from "./tools.js";
import { install as installUploads } from "./upload.js";

const desk = document.querySelector("[data-desk]");
if (desk) {
  Object.assign(document.getElementById("post_form").dataset, desk.dataset); // where every part looks for its addresses
  const words = JSON.parse(document.getElementById("desk:words").textContent);
  const editor = new Editor(document.getElementById("id_body"));
  document.getElementById("id_title").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || editor.busy(event)) return;
    event.preventDefault(); // a title is one line; the text comes next
    editor.textarea.focus();
  });
  const say = (text) => (desk.querySelector("[data-status]").textContent = text);
  const preview = setUpPreview(desk, editor, words);
  const embeds = setUpEmbeds(desk, editor, { words, say, refresh: preview.soon });
  installUploads(editor, document.getElementById("post_form"));
  const pictures = setUpPictures(editor, say);
  setUpTools(desk, editor, { words, openEmbed: embeds.open, openPictures: pictures.open });
}
