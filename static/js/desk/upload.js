// Pictures pasted or dropped on the text: each holds its place by a line of its own, is uploaded, and becomes Markdown.
import { beforeSaving } from "./hold.js";

const AT_ONCE = 2;
const TYPES = /^image\/(png|jpeg|webp|avif|gif)$/;

// What stands in square brackets, with brackets and backslashes escaped as Image.markdown does.
export const escaped = (alt) => alt.trim().replace(/\s+/g, " ").replace(/[\\[\]]/g, "\\$&");

/** The section of uploads below the editor, and the pictures in it. */
class Uploads {
  constructor(editor, form, section) {
    this.editor = editor;
    this.form = form;
    this.section = section;
    this.text = editor.textarea;
    this.list = document.querySelector("[data-arriving]");
    this.missing = new Set(); // those that aren't in the text yet: on their way, waiting, or failed
    this.past = new Set(); // lines that have held a place, and nothing was written meanwhile
    this.inserting = false;
    this.waiting = [];
    this.running = 0;
    this.count = 0;
    this.composing = false;
    this.later = []; // changes of the text that wait for the end of a composition
  }

  listen() {
    this.text.addEventListener("compositionstart", () => (this.composing = true));
    this.text.addEventListener("compositionend", () => {
      this.composing = false;
      setTimeout(() => {
        while (this.later.length && !this.composing) this.later.shift()();
      });
    });
    this.text.addEventListener("paste", (event) => {
      // Spreadsheets put a picture beside the text that is meant.
      if (!event.clipboardData?.types.includes("text/plain")) this.take(event, event.clipboardData);
    });
    // A browser leaves the page for a file that is dropped beside the text: everything on it takes files.
    document.addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files") && !takesFiles(event.target)) event.preventDefault();
    });
    document.addEventListener("drop", (event) => takesFiles(event.target) || this.take(event, event.dataTransfer));
    const field = this.section.querySelector("input[type=file]");
    field.addEventListener("change", () => {
      this.add([...field.files]);
      field.value = "";
    });
    this.text.addEventListener("input", (event) => this.undone(event.inputType));
    addEventListener("beforeunload", (event) => this.missing.size && event.preventDefault());
    beforeSaving(() => this.all());
    this.section.hidden = false;
  }

  /** Before a save: once nothing moves any more, whether the text may go. Null: no picture is missing. */
  all() {
    if (!this.missing.size) return null;
    const arrived = new Promise((resolve) => (this.resolve = resolve));
    this.say(this.section.dataset.holding);
    this.settle();
    return arrived;
  }

  settle() {
    const left = [...this.missing];
    if (!this.resolve || left.some((upload) => upload.moving)) return;
    this.say("");
    const go = !left.length || confirm(this.section.dataset.without);
    if (go) for (const upload of left) upload.remove();
    this.resolve(go);
    this.resolve = null;
  }

  /** Undo and redo pass over the line that held a picture's place: they take the picture out, or bring it back. */
  undone(inputType) {
    const command = { historyUndo: "undo", historyRedo: "redo" }[inputType];
    const stale = () => [...this.past].some((place) => this.text.value.includes(place));
    if (command && stale()) setTimeout(() => stale() && document.execCommand(command));
    else if (!command && !this.inserting) for (const upload of this.missing) upload.alone = false;
  }

  write(text) {
    this.inserting = true;
    this.editor.insert(text);
    this.inserting = false;
  }

  say(text) {
    document.querySelector("[data-arriving-said]").textContent = text;
  }

  take(event, data) {
    const files = [...(data?.files || [])];
    if (!files.length) return;
    event.preventDefault();
    this.add(files);
  }

  add(files) {
    for (const file of files) {
      const why = this.refusal(file);
      if (why) this.refuse(file, why);
      else this.waiting.push(new Upload(this, file, ++this.count));
    }
    this.next();
  }

  /** Why a file needn't be sent; what is in it the server decides. */
  refusal({ type, size }) {
    const words = this.section.dataset;
    if (type === "image/svg+xml") return words.drawing;
    if (/^(video|audio)\//.test(type)) return words.film;
    if (!TYPES.test(type)) return type.startsWith("image/") ? words.foreign : words.other;
    return size > words.most ? words.big : "";
  }

  refuse(file, why) {
    const row = this.newRow(file);
    row.querySelector(".upload-state").textContent = why;
    row.querySelector("progress").hidden = true;
    for (const button of row.querySelectorAll("[data-do]")) button.hidden = button.dataset.do !== "remove";
    row.querySelector("[data-do=remove]").addEventListener("click", () => row.remove());
  }

  newRow(file) {
    const row = this.section.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelector(".upload-name").textContent = file.name;
    this.list.append(row);
    return row;
  }

  next() {
    while (this.running < AT_ONCE && this.waiting.length) this.waiting.shift().send();
  }

  /** Change the text now, or once the syllable that is being written is done. */
  change(action) {
    if (this.composing) this.later.push(action);
    else action();
  }

  /** Put `text` in the place of `old`, and leave the cursor and the focus where they were. False: `old` is gone. */
  swap(old, text) {
    const at = this.text.value.indexOf(old);
    if (at < 0) return false;
    const focused = document.activeElement;
    const moved = (place) => {
      if (place <= at) return place;
      return place >= at + old.length ? place + text.length - old.length : at + text.length;
    };
    const { selectionStart, selectionEnd, scrollTop } = this.text;
    this.text.focus({ preventScroll: true });
    this.text.setSelectionRange(at, at + old.length);
    this.write(text);
    this.text.setSelectionRange(moved(selectionStart), moved(selectionEnd));
    this.text.scrollTop = scrollTop;
    if (focused !== this.text) focused?.focus({ preventScroll: true });
    return true;
  }

  /** At the cursor, as a paragraph of its own. */
  insert(text) {
    const { selectionStart, selectionEnd, value } = this.text;
    const before = value.slice(0, selectionStart);
    const start = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const end = value.slice(selectionEnd).startsWith("\n") ? "\n" : "\n\n";
    this.text.focus();
    this.write(`${start}${text}${end}`);
  }

  token() {
    return this.form.querySelector("[name=csrfmiddlewaretoken]");
  }

  /** Somebody who has logged in again has another token. */
  async renewToken() {
    const response = await fetch(this.form.dataset.uploadUrl, { headers: { Accept: "application/json" } });
    if (response.redirected || !response.ok) return;
    this.token().value = (await response.json()).token;
  }
}

const takesFiles = (target) => target instanceof HTMLInputElement && target.type === "file";

/** One picture on its way. */
class Upload {
  constructor(uploads, file, number) {
    this.uploads = uploads;
    this.file = file;
    this.place = `![${uploads.section.dataset.working} ${escaped(file.name)} (${number})…]()`;
    this.moving = this.alone = true; // nothing has been written since
    uploads.missing.add(this);
    this.row = uploads.newRow(file);
    this.row.addEventListener("click", (event) => this[event.target.dataset.do]?.());
    this.alt = this.row.querySelector(".upload-alt input");
    this.alt.addEventListener("change", () => this.describe());
    this.alt.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault(); // or the post would be saved
      this.describe();
    });
    uploads.change(() => uploads.insert(this.place));
    this.show("", ["cancel"]);
  }

  show(state, buttons) {
    this.row.querySelector(".upload-state").textContent = state;
    for (const button of this.row.querySelectorAll("[data-do]")) button.hidden = !buttons.includes(button.dataset.do);
    const progress = this.row.querySelector("progress");
    progress.hidden = !buttons.includes("cancel");
    progress.setAttribute("aria-label", `${this.uploads.section.dataset.working} ${this.file.name}`);
  }

  send() {
    const { uploads } = this;
    const words = uploads.section.dataset;
    const data = new FormData();
    data.append("file", this.file);
    const request = (this.request = new XMLHttpRequest()); // fetch can't say how far an upload is
    uploads.running += 1;
    request.open("POST", uploads.form.dataset.uploadUrl);
    request.setRequestHeader("X-CSRFToken", uploads.token().value);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) this.row.querySelector("progress").value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("load", () => this.answered(request));
    request.addEventListener("error", () => this.failed(words.offline));
    request.addEventListener("timeout", () => this.failed(words.offline));
    request.addEventListener("loadend", () => {
      this.request = null;
      uploads.running -= 1;
      uploads.next();
    });
    request.send(data);
    this.show(words.working, ["cancel"]);
  }

  answered(request) {
    const words = this.uploads.section.dataset;
    let answer = null;
    try {
      answer = JSON.parse(request.responseText);
    } catch (_) {
      // No JSON: the login page, or a page about a stale token.
    }
    if (request.status === 201 && answer) this.arrived(answer);
    else if (answer?.error) this.failed(answer.error);
    else this.failed(request.status === 200 || request.status === 403 ? words.login : words.refused);
  }

  failed(message) {
    this.moving = false;
    this.show(message, ["retry", "remove"]);
    this.uploads.settle();
  }

  /** In the text, or given up: nobody needs to wait for it. */
  done() {
    if (this.alone) this.uploads.past.add(this.place);
    this.uploads.missing.delete(this);
    this.uploads.settle();
  }

  arrived(answer) {
    this.answer = answer;
    this.markdown = answer.markdown;
    this.show([this.uploads.section.dataset.done, answer.note].filter(Boolean).join(". "), ["close"]);
    this.row.querySelector(".upload-alt").hidden = false;
    this.uploads.change(() => {
      const { text } = this.uploads;
      const idle = document.activeElement === text && text.value.slice(0, text.selectionStart).trimEnd().endsWith(this.place);
      if (!this.uploads.swap(this.place, this.markdown)) {
        this.show(this.uploads.section.dataset.away, ["insert", "remove"]);
      } else if (idle) {
        this.alt.focus(); // nothing has been written since: the next words are about the picture
      }
      this.done();
    });
  }

  /** Write what the picture shows into the text, and tell the library. */
  describe() {
    if (!this.answer) return;
    const markdown = described(this.markdown, this.alt.value);
    if (markdown === this.markdown) return;
    const old = this.markdown;
    this.markdown = markdown;
    this.uploads.change(() => this.uploads.swap(old, markdown));
    const data = new FormData();
    data.append("alt", this.alt.value);
    const { dataset } = this.uploads.form;
    const headers = { "X-CSRFToken": this.uploads.token().value, Accept: "application/json" };
    // The text has the words already; the library's copy is only a convenience.
    fetch(`${dataset.uploadUrl}${this.answer.id}/`, { method: "POST", body: data, headers }).catch(() => {});
  }

  cancel() {
    this.request?.abort();
    this.uploads.waiting = this.uploads.waiting.filter((other) => other !== this);
    this.remove();
  }

  async retry() {
    this.moving = true;
    this.show(this.uploads.section.dataset.working, ["cancel"]);
    try {
      await this.uploads.renewToken();
    } catch (_) {
      // Still offline: sending will say so.
    }
    if (!this.row.isConnected) return; // cancelled meanwhile
    this.uploads.waiting.push(this);
    this.uploads.next();
  }

  insert() {
    this.uploads.insert(this.markdown);
    this.show(this.uploads.section.dataset.done, ["close"]);
  }

  /** It is where it belongs: its row goes. Leaving the field for its words has written them. */
  close() {
    this.row.remove();
    this.uploads.text.focus({ preventScroll: true });
  }

  remove() {
    this.uploads.change(() => this.uploads.swap(`${this.place}\n\n`, "") || this.uploads.swap(this.place, ""));
    this.row.remove();
    this.done();
  }
}

/** Let `editor` take pictures. Needs `data-upload-url` on the form and the section of _uploads.html on the page. */
export function install(editor, form) {
  const section = document.getElementById("desk:uploads");
  if (!section || !form.dataset.uploadUrl) return null;
  const uploads = new Uploads(editor, form, section);
  uploads.listen();
  return uploads;
}

/** Markdown of a picture with other words for what it shows. */
export const described = (markdown, alt) => markdown.replace(/^!\[.*\]\(/, () => `![${escaped(alt)}](`);
