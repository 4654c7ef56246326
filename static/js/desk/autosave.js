// Keeps what is typed: at once in this browser, a little later on the server. What the server has is forgotten here.
import { beforeSaving } from "./hold.js";

const AFTER = 2000; // milliseconds without typing until the server is asked
const LATEST = 10000; // and while somebody types without a pause
const AGAIN = 5000; // after a failure
const PATIENCE = 10000; // that a save has for the draft which is just being made
const KEEPALIVE = 60000; // bytes a browser sends for a page that is gone: 64 KiB with all headers

class Autosave {
  constructor(form, settings) {
    Object.assign(this, { form, settings, words: settings.dataset });
    this.line = document.querySelector("[data-state]");
    this.prefix = `roost:${this.words.user}:`;
    const page = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    this.key = this.prefix + page;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "page", value: page }));
    this.composing = this.leaving = this.gone = this.dirty = this.lost = false;
    this.sending = null; // the request that is under way
    this.kept = untouched(form);
    // While this page lives, no other tab takes its text for that of a crashed one.
    navigator.locks?.request(this.key, () => new Promise(() => {}));
    form.addEventListener("compositionstart", () => (this.composing = true));
    form.addEventListener("compositionend", () => { this.composing = false; this.changed(); });
    form.addEventListener("input", (event) => event.isComposing || this.changed());
    form.addEventListener("change", () => this.composing || this.changed());
    form.addEventListener("submit", () => { this.leaving = true; this.keepHere(); });
    document.addEventListener("visibilitychange", () => this.visibility());
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", (event) => event.persisted && (this.leaving = this.gone = false));
    addEventListener("beforeunload", (event) => this.mayLeave(event));
    addEventListener("online", () => this.send());
    beforeSaving(() => this.sending && !this.words.post && Promise.race([this.sending, pause(PATIENCE)]));
    this.changed();
  }

  // What the author has typed, to compare: not what the form knows of itself.
  text() {
    return typed(fields(this.form));
  }

  changed() {
    if (this.text() === this.kept && !this.dirty) return;
    this.dirty = true;
    this.since ??= Date.now();
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.keepHere(), 300);
    this.plan(Math.max(0, Math.min(AFTER, this.since + LATEST - Date.now())));
  }

  plan(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  // Into this browser. Tells whether it worked: storage may be full or forbidden.
  keepHere() {
    if (this.composing || !this.dirty) return true;
    const { url, post } = { url: this.words.autosaveUrl, post: this.words.post };
    this.lost = !storage.put(this.key, JSON.stringify({ url, post, at: Date.now(), fields: fields(this.form) }));
    return !this.lost;
  }

  async send() {
    if (this.composing) return this.plan(AFTER);
    if (!this.dirty || this.sending || this.leaving) return;
    this.keepHere();
    this.sending = this.deliver(this.text());
    await this.sending;
  }

  async deliver(text) {
    const answer = await post(this.words.autosaveUrl, fields(this.form), this.token());
    this.sending = null;
    if (answer.saved) this.saved(text, answer);
    else await this.failed(answer);
  }

  saved(text, answer) {
    this.input("copy").value = answer.copy ?? "";
    if (!this.words.post) this.becomesPost(answer);
    this.kept = text;
    this.since = null;
    this.dirty = this.text() !== text;
    if (this.dirty) this.plan(AFTER);
    else storage.remove(this.key);
    this.lost = false;
    this.say(this.words.saved.replace("{time}", answer.saved));
  }

  // A new post has a row now: the form, the address and the next save are those of the row.
  becomesPost({ form, autosave, version }) {
    this.words.post = form.match(/(\d+)\/change\/$/)?.[1] ?? "";
    this.words.autosaveUrl = autosave;
    this.form.action = form;
    this.input("opened_version").value = version;
    history.replaceState(history.state, "", form);
  }

  async failed({ status, error }) {
    const kept = this.keepHere();
    const loggedOut = status === 403 && !error; // with words it is a refusal
    const waiting = status === 0 ? this.words.offline : loggedOut ? this.words.loggedOut : this.words.refused;
    this.say([error, kept ? waiting : this.words.lost].filter(Boolean).join(" "), true);
    if (loggedOut) await this.renewToken();
    this.plan(AGAIN);
  }

  // Logging in changes the token that the form was made with.
  async renewToken() {
    const answer = await ask(this.words.autosaveUrl);
    if (answer.csrf) for (const input of document.getElementsByName("csrfmiddlewaretoken")) input.value = answer.csrf;
  }

  visibility() {
    if (this.gone) return;
    this.keepHere();
    this.send(); // also when it is hidden: a phone may end it without another word
  }

  // The page is gone after this. What the server is sent now arrives all the same, if it isn't too much.
  leave() {
    const kept = this.keepHere();
    this.gone = true; // it is hidden next
    if (!kept || this.words.post) this.send(); // a new post is offered when the next one is begun
  }

  mayLeave(event) {
    if (this.leaving || (this.keepHere() && !this.lost)) return;
    event.preventDefault();
  }

  // What other pages of this person left behind in this browser goes to the server, and is offered. After a reload
  // it is this page's own text: it opens at once.
  bringBack() {
    for (const key of storage.keys().filter((key) => key.startsWith(this.prefix) && key !== this.key)) {
      if (!navigator.locks) this.takeOver(key);
      // A page that has just been reloaded may not be quite gone; one that is still open in five seconds lives.
      else navigator.locks.request(key, { signal: AbortSignal.timeout(5000) }, () => this.takeOver(key)).catch(alive);
    }
  }

  async takeOver(key) {
    const left = parsed(storage.get(key));
    if (!left) return storage.remove(key);
    if (left.post !== this.words.post) return;
    const answer = await post(left.url, left.fields, this.token());
    if (answer.saved || answer.status === 404) storage.remove(key);
    if (typed(left.fields) === this.text()) this.adopt(answer);
    else if (answer.copy || answer.made) this.offer(answer);
  }

  // The form was sent and has come back with a message: what this browser kept is what it shows.
  adopt(answer) {
    if (!answer.saved) return;
    this.input("copy").value = answer.copy ?? "";
    if (!this.words.post) this.becomesPost(answer);
  }

  offer({ form, copy }) {
    const address = copy ? `${form}?copy=${encodeURIComponent(copy)}` : form;
    const [{ type } = {}] = performance.getEntriesByType("navigation");
    if (type === "reload" || type === "back_forward") return location.replace(address);
    const note = Object.assign(document.createElement("p"), { className: "desk-note", textContent: `${this.words.found} ` });
    const link = Object.assign(document.createElement("a"), { href: address, textContent: this.words.open });
    note.append(link);
    note.setAttribute("role", "status");
    this.settings.append(note);
  }

  input(name) {
    return this.form.elements.namedItem(name);
  }

  token() {
    return this.input("csrfmiddlewaretoken").value;
  }

  say(text, alarming = false) {
    this.line.textContent = text;
    this.line.classList.toggle("alarm", alarming);
  }
}

function typed({ opened_version, merge_base, copy, page, ...fields }) {
  return JSON.stringify(fields);
}

// The form as the server has made it: somebody may write in it, or the browser restore it, before this script runs.
function untouched(form) {
  const copy = form.cloneNode(true);
  copy.reset();
  return typed(fields(copy));
}

function fields(form) {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !name.startsWith("_")) found[name] = value;
  }
  delete found.csrfmiddlewaretoken;
  return found;
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

function form(fields, token) {
  return new URLSearchParams({ ...fields, csrfmiddlewaretoken: token });
}

// Outlives the page that asks, if the browser takes that much.
function post(url, fields, token) {
  const body = form(fields, token);
  return ask(url, { method: "POST", body, keepalive: body.toString().length < KEEPALIVE });
}

// This browser's own memory, which may be full or forbidden.
const storage = {
  put: (key, text) => attempt(() => (localStorage.setItem(key, text), true), false),
  get: (key) => attempt(() => localStorage.getItem(key), null),
  remove: (key) => attempt(() => localStorage.removeItem(key)),
  keys: () => attempt(() => Object.keys(localStorage), []),
};

function attempt(action, otherwise) {
  try {
    return action();
  } catch {
    return otherwise;
  }
}

// The server's answer; {status: 0} if there is none, {status: 403} if nobody is logged in.
async function ask(url, options = {}) {
  try {
    const response = await fetch(url, { ...options, redirect: "manual" });
    if (response.type === "opaqueredirect") return { status: 403 };
    const json = response.headers.get("Content-Type")?.startsWith("application/json");
    return { status: response.status, ...(json ? await response.json() : {}) };
  } catch {
    return { status: 0 };
  }
}

// Waiting for a page's lock has timed out: that page is still open.
function alive(error) {
  if (error.name !== "TimeoutError") throw error;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const settings = document.getElementById("desk:autosave");
const element = document.getElementById("post_form");
if (settings && element) new Autosave(element, settings).bringBack();
