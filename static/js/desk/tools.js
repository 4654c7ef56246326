// The toolbar, its shortcuts, and the face that the text is written in.

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const KEYS = {
  bold: "KeyB", italic: "KeyI", link: "KeyK", code: "KeyE",
  heading: "Shift+Digit1", prompt: "Shift+Digit2", image: "Shift+Digit6", embed: "Shift+Digit7",
  list: "Shift+Digit8", quote: "Shift+Digit9",
};
const FACE = "desk:mono";

const LIST = {
  has: (line) => /^\s*[-*+] /.test(line),
  add: (line, alone) => (line.trim() || alone ? line.replace(/^(\s*)(?:\d+[.)] )?/, "$1- ") : line),
  remove: (line) => line.replace(/^(\s*)[-*+] /, "$1"),
};
const QUOTE = {
  has: (line) => /^ {0,3}>/.test(line),
  add: (line, alone) => (alone ? `> ${line}` : `> ${line}`.trimEnd()),
  remove: (line) => line.replace(/^ {0,3}> ?/, ""),
};

export function setUpTools(desk, editor, { words, openEmbed, openPictures }) {
  const actions = {
    bold: () => editor.wrap("**", "**", words.bold),
    italic: () => editor.wrap("*", "*", words.italic),
    link: () => link(editor, words),
    heading: () => editor.changeLines((line, i) => (i ? line : nextHeading(line))),
    list: () => mark(editor, LIST),
    quote: () => mark(editor, QUOTE),
    code: () => code(editor),
    image: () => openPictures(),
    embed: () => openEmbed(),
    prompt: () => prompt(editor, words),
  };
  const bar = desk.querySelector(".desk-tools");
  const help = [];
  for (const button of bar.querySelectorAll("[data-tool]")) {
    const name = button.title;
    const keys = shown(KEYS[button.dataset.tool]);
    if (button.textContent.trim() !== name) button.setAttribute("aria-label", name);
    button.title = `${name} (${keys})`;
    button.setAttribute("aria-keyshortcuts", KEYS[button.dataset.tool].replace(/^(Shift\+)?(?:Key|Digit)/, MAC ? "Meta+$1" : "Control+$1"));
    help.push(`${name}\u00a0${keys}`);
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps its selection
    button.addEventListener("click", () => actions[button.dataset.tool]());
  }
  desk.querySelector("[data-keys]").textContent = help.join(" · ");
  bar.hidden = false;
  editor.textarea.addEventListener("keydown", (event) => {
    if (editor.busy(event) || event.altKey || !(MAC ? event.metaKey : event.ctrlKey)) return;
    const pressed = (event.shiftKey ? "Shift+" : "") + event.code;
    const tool = Object.keys(KEYS).find((name) => KEYS[name] === pressed);
    if (!tool) return;
    event.preventDefault();
    actions[tool]();
  });
  setUpFace(bar.querySelector("[data-face]"), editor.textarea);
  setUpArrows(bar);
}

// One stop for Tab; arrows move inside: https://www.w3.org/WAI/ARIA/apg/patterns/toolbar/
function setUpArrows(bar) {
  const buttons = [...bar.querySelectorAll("button")];
  const stopAt = (button) => buttons.forEach((each) => (each.tabIndex = each === button ? 0 : -1));
  stopAt(buttons[0]);
  bar.addEventListener("focusin", (event) => stopAt(event.target));
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons.at(to % buttons.length).focus();
  });
}

function shown(key) {
  const plain = key.replace(/Key|Digit/, "");
  return MAC ? `⌘${plain.replace("Shift+", "⇧")}` : `Ctrl+${plain}`;
}

function nextHeading(line) {
  const [, level, text] = /^(#{0,6})\s*(.*)$/.exec(line);
  return level.length === 0 ? `## ${text}` : level.length < 4 ? `${level}# ${text}` : text;
}

function mark(editor, { has, add, remove }) {
  const lines = editor.lines().text.split("\n");
  const marked = lines.filter((line) => line.trim());
  if (marked.length && marked.every(has)) editor.changeLines(remove);
  else editor.changeLines((line) => (has(line) ? line : add(line, lines.length === 1)));
}

function link(editor, words) {
  const { selected } = editor;
  const found = /^\[([^\]]*)\]\(([^)]*)\)$/.exec(selected);
  if (found) editor.insert(found[1], { select: [0, found[1].length] });
  else if (/^https?:\/\/\S+$/.test(selected)) editor.insert(`[${words.link}](${selected})`, { select: [1, 1 + words.link.length] });
  else {
    const text = selected || words.link;
    editor.insert(`[${text}](https://)`, { select: [text.length + 3, text.length + 11] });
  }
}

function code(editor) {
  const { selected } = editor;
  const fence = /^(`{3,})[^\n]*\n([\s\S]*)\n\1$/.exec(selected);
  if (fence) editor.insert(fence[2], { select: [0, fence[2].length] });
  else if (selected.includes("\n")) {
    const ticks = "`".repeat(Math.max(3, ...[...selected.matchAll(/`+/g)].map((run) => run[0].length + 1)));
    const text = `${ticks}\n${selected.replace(/\n$/, "")}\n${ticks}`;
    editor.insert(text + (selected.endsWith("\n") ? "\n" : ""), { select: [0, text.length] });
  } else editor.wrap("`", "`", "code");
}

function prompt(editor, words) {
  const text = editor.selected || words.prompt;
  const quote = `> Prompt: ${text.replace(/\n/g, "\n> ")}`;
  if (editor.selected) editor.insert(quote, { select: [0, quote.length] });
  else {
    const line = editor.lines();
    // Below a caption it belongs to the embed: no blank line between.
    const lead = line.text.trim() ? "\n" : "";
    editor.textarea.setSelectionRange(line.end, line.end);
    editor.insert(lead + quote, { select: [lead.length + 10, lead.length + quote.length] });
  }
}

function setUpFace(button, textarea) {
  const show = (mono) => {
    textarea.classList.toggle("mono", mono);
    button.setAttribute("aria-pressed", String(mono));
  };
  try {
    show(localStorage.getItem(FACE) === "1");
  } catch (_) {
    // Storage is switched off: the choice holds for this page.
  }
  button.addEventListener("click", () => {
    const mono = !textarea.classList.contains("mono");
    show(mono);
    try {
      localStorage.setItem(FACE, mono ? "1" : "0");
    } catch (_) {
      // See above.
    }
  });
}
