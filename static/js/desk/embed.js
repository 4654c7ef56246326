// Posts of other sites: an address that is pasted alone is asked about at once; a dialog writes whole blocks.

const ADDRESS = /^https?:\/\/\S+$/;
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
    const alone = !editor.lines().text.trim() && editor.start === editor.end;
    if (!editor.busy(event) && ADDRESS.test(url) && alone && !editor.inCode(editor.start)) ask(url);
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
