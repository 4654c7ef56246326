// A plain textarea that helps. Every change goes through the browser's own editing, so that its undo takes it back;
// nothing at all runs while a syllable is being composed.

const ITEM = /^([ \t]*)([-*+]|\d{1,9}[.)])([ \t]+)(\[[ xX]\][ \t]+)?/;
const QUOTE = /^[ ]{0,3}(?:>[ ]?)+/;
const FENCE = /^[ >]*(`{3,}|~{3,})/;
const URL_ALONE = /^https?:\/\/\S+$/;

export class Editor {
  constructor(textarea) {
    this.textarea = textarea;
    this.composing = false;
    this.leaving = false; // Escape was pressed: the next Tab goes on to what follows the text
    textarea.addEventListener("compositionstart", () => (this.composing = true));
    textarea.addEventListener("compositionend", () => (this.composing = false));
    textarea.addEventListener("keydown", (event) => this.#key(event));
    textarea.addEventListener("blur", () => (this.leaving = false));
    textarea.addEventListener("paste", (event) => this.#paste(event));
    if (!CSS.supports("field-sizing", "content")) {
      textarea.addEventListener("input", (event) => this.busy(event) || this.#grow());
      textarea.addEventListener("compositionend", () => this.#grow());
      this.#grow();
    }
  }

  // Whether an event belongs to a composition: Safari says so by its key code alone.
  busy(event) {
    return this.composing || event.isComposing || event.keyCode === 229;
  }

  get value() {
    return this.textarea.value;
  }

  get start() {
    return this.textarea.selectionStart;
  }

  get end() {
    return this.textarea.selectionEnd;
  }

  get selected() {
    return this.value.slice(this.start, this.end);
  }

  // Put text where the selection is. `select` is counted from where the text begins.
  insert(text, { select } = {}) {
    const { textarea } = this;
    const start = this.start;
    textarea.focus();
    const done = text || start !== this.end ? document.execCommand(text ? "insertText" : "delete", false, text) : true;
    if (!done) {
      textarea.setRangeText(text, start, this.end, "end");
      textarea.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
    }
    if (select) textarea.setSelectionRange(start + select[0], start + select[1]);
  }

  replace(start, end, text, options) {
    this.textarea.setSelectionRange(start, end);
    this.insert(text, options);
  }

  // Put `before` and `after` around the selection, or take them away if they are there.
  wrap(before, after = before, placeholder = "") {
    const { start, end, selected, value } = this;
    const outside = value.slice(0, start).endsWith(before) && value.slice(end).startsWith(after);
    if (outside && isWhole(value, start, end, before)) {
      this.replace(start - before.length, end + after.length, selected, { select: [0, selected.length] });
      return;
    }
    const inner = selected.slice(before.length, selected.length - after.length);
    const holds = selected.length >= before.length + after.length && selected.startsWith(before) && selected.endsWith(after);
    if (holds && isWhole(value, start + before.length, end - after.length, before)) {
      this.insert(inner, { select: [0, inner.length] });
      return;
    }
    // Spaces at the ends stay outside: Markdown wants none inside.
    const [, lead, core, trail] = /^(\s*)([\s\S]*?)(\s*)$/.exec(selected);
    const text = core || placeholder;
    const at = lead.length + before.length;
    this.insert(lead + before + text + after + trail, { select: [at, at + text.length] });
  }

  // The whole lines that the selection touches.
  lines() {
    const start = this.value.lastIndexOf("\n", this.start - 1) + 1;
    const last = this.end > this.start && this.value[this.end - 1] === "\n" ? this.end - 1 : this.end;
    const next = this.value.indexOf("\n", last);
    const end = next < 0 ? this.value.length : next;
    return { start, end, text: this.value.slice(start, end) };
  }

  // Change each of these lines; the selection stays on them, or the caret at its place from the end.
  changeLines(change) {
    const { start, end, text } = this.lines();
    const changed = text.split("\n").map(change).join("\n");
    if (changed === text) return;
    if (this.start !== this.end) return this.replace(start, end, changed, { select: [0, changed.length] });
    // Only what differs is replaced: undo selects what it brings back, and the next key would overwrite a whole line.
    const caret = start + Math.max(0, changed.length - (end - this.end));
    const [from, to] = differing(text, changed);
    this.replace(start + from, end - to, changed.slice(from, changed.length - to));
    this.textarea.setSelectionRange(caret, caret);
  }

  // Put blocks on lines of their own, with a blank line on either side.
  insertBlock(text, select) {
    const before = this.value.slice(0, this.start);
    const after = this.value.slice(this.end);
    const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const trail = after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
    const range = select && [select[0] + lead.length, select[1] + lead.length];
    this.insert(lead + text + trail, range && { select: range });
  }

  // Whether a place is inside fenced code.
  inCode(at) {
    let open = "";
    for (const line of this.value.slice(0, at).split("\n").slice(0, -1)) {
      const fence = FENCE.exec(line)?.[1];
      if (fence && !open) open = fence;
      else if (fence === open && !line.replace(/[ >\t]/g, "").slice(open.length)) open = "";
    }
    return Boolean(open);
  }

  // The line (from 1) of a place in the text.
  lineAt(at) {
    return this.value.slice(0, at).split("\n").length;
  }

  goToLine(line) {
    const lines = this.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.textarea.focus({ preventScroll: true });
    this.textarea.setSelectionRange(start, start + (lines[line - 1] || "").length);
  }

  #key(event) {
    if (this.busy(event)) return;
    const leaving = this.leaving;
    if (event.key !== "Shift") this.leaving = event.key === "Escape";
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && !event.shiftKey) this.#continue(event);
    else if (event.key === "Tab" && !leaving) this.#indent(event);
  }

  // Enter in a list or quote begins the next item; in an empty one it ends the list.
  #continue(event) {
    if (this.start !== this.end) return;
    const lineStart = this.value.lastIndexOf("\n", this.start - 1) + 1;
    const { end, text } = this.lines();
    const marker = ITEM.exec(text)?.[0] ?? QUOTE.exec(text)?.[0];
    if (!marker || this.start - lineStart < marker.length || this.inCode(this.start)) return;
    event.preventDefault();
    if (!text.slice(marker.length).trim()) {
      this.replace(lineStart, end, "");
      return;
    }
    const next = marker
      .replace(/\d+/, (number) => String(Number(number) + 1))
      .replace(/\[[xX]\]/, "[ ]");
    this.insert(`\n${next}`);
  }

  // Tab belongs to lists alone: elsewhere it moves on, as on any form.
  #indent(event) {
    const lines = this.lines().text.split("\n");
    if (!ITEM.test(lines[0]) || !lines.every((line) => ITEM.test(line) || !line.trim()) || this.inCode(this.start)) return;
    event.preventDefault();
    const [, , sign, space] = ITEM.exec(lines[0]);
    const width = sign.length + Math.min(space.length, 3);
    const out = new RegExp(`^(?: {1,${width}}|\\t)`);
    this.changeLines((line) => (event.shiftKey ? line.replace(out, "") : line.trim() ? " ".repeat(width) + line : line));
  }

  // An address that is pasted over words makes a link of them.
  #paste(event) {
    if (this.busy(event)) return;
    const url = event.clipboardData?.getData("text/plain").trim() || "";
    const { selected } = this;
    if (!URL_ALONE.test(url) || !selected.trim() || /\n\s*\n/.test(selected) || URL_ALONE.test(selected.trim())) return;
    if (this.inCode(this.start)) return;
    event.preventDefault();
    const [, lead, core, trail] = /^(\s*)([\s\S]*?)(\s*)$/.exec(selected);
    this.insert(`${lead}[${core}](${/[()]/.test(url) ? `<${url}>` : url})${trail}`);
  }

  #grow() {
    const { textarea } = this;
    const top = scrollY;
    textarea.style.height = "auto";
    textarea.style.height = `${textarea.scrollHeight + 2}px`;
    scrollTo({ top });
  }
}

// How many characters two texts have in common at their beginning, and behind that at their end.
function differing(one, other) {
  const most = Math.min(one.length, other.length);
  let from = 0;
  let to = 0;
  while (from < most && one[from] === other[from]) from++;
  while (to < most - from && one.at(-1 - to) === other.at(-1 - to)) to++;
  return [from, to];
}

// Whether the marks around a range are these: a single asterisk isn't half of two.
function isWhole(value, start, end, mark) {
  if (!/^([*_`])\1*$/.test(mark)) return true;
  const sign = mark[0];
  let before = 0;
  let after = 0;
  while (value[start - 1 - before] === sign) before++;
  while (value[end + after] === sign) after++;
  const count = Math.min(before, after);
  if (sign === "`") return count === mark.length;
  return mark.length === 1 ? count % 2 === 1 : count >= 2;
}
