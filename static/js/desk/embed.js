// Posts of other sites: an address that is pasted alone is asked about at once; a dialog writes whole blocks.

const ADDRESS = /^https?:\/\/\S+$/;
// What is probably a post on another site. A guess is enough for where it stands; what it is the server says.
const POST = new RegExp(
  String.raw`^https?://(?:[\w-]+\.)*(?:(?:x|twitter)\.com/\S*/status(?:es)?/\d|youtu\.be/\w|youtube(?:-nocookie)?\.com/` +
    String.raw`(?:watch\?|(?:shorts|live|embed|v)/)|vimeo\.com/\S*\d|bsky\.app/profile/\S+/post/|open\.spotify\.com/\w|` +
    String.raw`bilibili\.com/video/|twitch\.tv/\S*\w|[\w.-]+/@\S+/\d{6})`,
  "i",
);
const MARKED = /^\s*(?:[-*+>#|]|\d+[.)]|\{%)/; // lists, quotes, headings, tables and tags keep their lines
const WORDS_END = /[\p{L}\p{N}.!?…。)\]”’]$/u; // behind a space or an opening bracket an address belongs to the sentence
const NO_CAPTION = /^(?:#{1,6} |[-*+] |\d+\. |!\[|>|\{|<?https?:\/\/\S+$|([*_-])\s*(?:\1\s*){2,}$)/;

export function setUpEmbeds(desk, editor, { words, say, refresh }) {
  const { textarea } = editor;
  const ask = async (url) => {
    say(words.asking.replace("%s", new URL(url).hostname));
    const body = new FormData();
    body.set("url", url);
    try {
      const response = await fetch(desk.dataset.embedUrl, { method: "POST", body, headers: { "X-CSRFToken": token() } });
      const answer = await response.json();
      say(answer.error || answer.text);
      if (response.ok) refresh();
    } catch (_) {
      say(words.noAnswer);
    }
  };

  textarea.addEventListener("paste", (event) => {
    const url = event.clipboardData?.getData("text/plain").trim() || "";
    if (editor.busy(event) || !ADDRESS.test(url) || editor.start !== editor.end || editor.inCode(editor.start)) return;
    if (!editor.lines().text.trim()) ask(url);
    else if (POST.test(url) && splits(editor)) ask(url);
    else return;
    if (POST.test(url)) standAlone(editor, url, event);
  });

  const dialog = document.getElementById("desk:embed");
  const form = dialog.querySelector("form");
  let place = [0, 0]; // the selection, which a text loses behind an open dialog
  const back = () => {
    textarea.focus();
    textarea.setSelectionRange(...place);
  };
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault(); // the text must have the focus before it is changed
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    if (/\s/.test(values.url)) return;
    dialog.close("insert");
    back();
    editor.insertBlock(block(values));
    ask(values.url);
  });
  dialog.addEventListener("close", () => dialog.returnValue === "insert" || back());

  return {
    open() {
      form.reset();
      const { selected } = editor;
      dialog.returnValue = "";
      place = [editor.start, editor.end];
      form.elements.url.value = ADDRESS.test(selected.trim()) ? selected.trim() : "";
      if (selected.trim() && !form.elements.url.value) form.elements.prompt.value = selected.trim();
      dialog.showModal();
    },
  };
}

// Whether the cursor stands at the beginning of a line or at the end of words: no place for an address in a sentence.
function splits(editor) {
  const { start, text } = editor.lines();
  const left = text.slice(0, editor.start - start);
  return !MARKED.test(text) && (!left.trim() || WORDS_END.test(left));
}

// With a blank line on either side, and the cursor behind it, where its caption would begin. If that is so anyway, the
// browser pastes.
function standAlone(editor, url, event) {
  const before = editor.value.slice(0, editor.start);
  const after = editor.value.slice(editor.end);
  const lead = !before.trim() || /\n[ \t]*\n[ \t]*$/.test(before) ? "" : /\n[ \t]*$/.test(before) ? "\n" : "\n\n";
  const trail = !after.trim() || /^[ \t]*\n[ \t]*\n/.test(after) ? "" : /^[ \t]*\n/.test(after) ? "\n" : "\n\n";
  if (!lead && !trail) return;
  event.preventDefault();
  const end = lead.length + url.length;
  editor.insert(lead + url + trail, { select: [end, end] });
}

// The lines that the grammar wants: address, caption, quoted prompt with its model.
export function block({ url, caption, prompt, model }) {
  const line = caption.replace(/\s+/g, " ");
  const tagged = `{% embed ${url} caption="${line.replace(/&/g, "&amp;").replace(/"/g, "&quot;")}" %}`;
  const lines = NO_CAPTION.test(line) ? [tagged] : [url, ...(line ? [line] : [])];
  if (prompt) {
    const [first, ...rest] = prompt.replace(/\r\n?/g, "\n").split("\n");
    lines.push(`> Prompt: ${first}`, ...rest.map((text) => `> ${text}`.trimEnd()));
    if (model) lines.push(`> Model: ${model}`);
  }
  return lines.join("\n");
}

export const token = () => document.querySelector("#post_form [name=csrfmiddlewaretoken]").value;
