// The preview beside the text: asked for after a pause, one question at a time, so that no answer can overtake another.
import { token } from "./embed.js";
import { lineTops } from "./measure.js";

const PAUSE_MS = 200;
const PATIENCE_MS = 20000;

export function setUpPreview(desk, editor, words) {
  const form = document.getElementById("post_form");
  const { textarea } = editor;
  const iframe = desk.querySelector("iframe");
  const pane = desk.querySelector(".desk-preview");
  const send = (message) => iframe.contentWindow.postMessage(message, location.origin);

  let timer;
  let asking = false;
  let again = false;
  let ready = false;
  let shown = null; // the last answer
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(run, PAUSE_MS);
  };
  const run = async () => {
    if (editor.composing) return; // compositionend asks again
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    again = false;
    const response = await ask().catch(() => null);
    asking = false;
    if (again) soon();
    show(response);
  };
  const ask = async () => {
    const body = new FormData(form);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(desk.dataset.renderUrl, { method: "POST", body, signal, headers: { "X-CSRFToken": token() } });
    const answer = await response.json().catch(() => ({ error: words.failed }));
    return response.ok ? answer : { error: answer.error || words.failed };
  };
  const show = (answer) => {
    const list = desk.querySelector("[data-problems]");
    const found = document.querySelector("[data-findings]"); // in sight while the list isn't
    if (answer && !answer.error) {
      shown = answer;
      desk.querySelector("[data-counts]").textContent = answer.counts;
      if (ready) send({ type: "show", ...page(answer) });
      points = null;
      follow();
    }
    const error = answer ? answer.error : navigator.onLine ? words.failed : words.offline;
    const problems = error ? [{ line: 0, kind: "error", text: error }] : answer.problems;
    list.replaceChildren(...(problems.length ? problems.map(item) : [Object.assign(document.createElement("li"), { textContent: words.clean })]));
    desk.querySelector("[data-problem-count]").textContent = problems.length || "";
    found.textContent = `${desk.querySelector("[data-problem-title]").textContent} ${problems.length}`;
    found.hidden = !problems.length;
    desk.querySelector(".desk-lint").hidden = false;
  };
  const page = ({ html, sheet, lang, places }) => ({ html, sheet, lang, places: places.map(([, id]) => id) });

  const item = ({ line, kind, text }) => {
    const element = document.createElement("li");
    element.className = kind;
    if (line) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.line.replace("%s", line) });
      button.addEventListener("click", () => goTo(line));
      element.append(button, " ");
    }
    element.append(text);
    return element;
  };
  const goTo = (line) => {
    view("text");
    editor.goToLine(line);
    const [top] = lineTops(textarea, [line]);
    scrollTo({ top: textarea.getBoundingClientRect().top + scrollY + top - innerHeight / 3 });
  };

  // --- In step: headings and embeds stand side by side; between them, by proportion ---
  let points = null; // [{y, line, id}], from the text's top to its end
  const measured = () => {
    if (!points) {
      const places = shown ? shown.places : [];
      const tops = lineTops(textarea, places.map(([line]) => line));
      const end = editor.value.split("\n").length;
      points = [{ y: 0, line: 1, id: "" }, ...places.map(([line, id], i) => ({ y: tops[i], line, id })), { y: textarea.offsetHeight, line: end, id: null }];
    }
    return points;
  };
  let still = 0; // until when the window is scrolled by the preview, not by a hand
  const follow = () => {
    if (!ready || pane.hidden || !shown || performance.now() < still) return;
    const box = textarea.getBoundingClientRect();
    if (!box.height) return;
    const part = clamp(-box.top / Math.max(1, box.height - innerHeight));
    const y = part * innerHeight - box.top;
    const all = measured();
    const i = Math.max(0, all.findLastIndex((point) => point.y <= y));
    const next = all[i + 1] || all[i];
    send({ type: "scroll", from: all[i].id, to: next.id, part, share: clamp((y - all[i].y) / Math.max(1, next.y - all[i].y)) });
  };
  const lead = ({ from, to, share, part }) => {
    const all = measured();
    const a = all.find((point) => point.id === from);
    const b = all.find((point) => point.id === to);
    if (!a || !b || !textarea.offsetHeight) return;
    still = performance.now() + 200;
    const y = a.y + share * (b.y - a.y);
    scrollTo({ top: textarea.getBoundingClientRect().top + scrollY + y - part * innerHeight });
  };

  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== location.origin || source !== iframe.contentWindow) return;
    if (data.type === "ready") {
      ready = true;
      if (shown) send({ type: "show", ...page(shown) });
    } else if (data.type === "scrolled") lead(data);
    else if (data.type === "go") {
      const all = measured();
      const a = all.find((point) => point.id === data.from);
      const b = all.find((point) => point.id === data.to);
      if (a && b) goTo(Math.round(a.line + data.share * (b.line - a.line)));
    }
  });
  let frame;
  addEventListener("scroll", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(follow);
  }, { passive: true });
  new ResizeObserver(() => (points = null)).observe(textarea);

  // --- Side by side, or one at a time ---
  const tabs = desk.querySelectorAll("[data-show]");
  const view = (name) => {
    if (name === "preview") follow();
    desk.dataset.view = name;
    for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.show === name));
  };
  for (const tab of tabs) tab.addEventListener("click", () => view(tab.dataset.show));
  desk.querySelector(".desk-tabs").hidden = false;
  pane.hidden = false;

  form.addEventListener("input", (event) => editor.busy(event) || soon());
  form.addEventListener("change", soon);
  globalThis.django?.jQuery?.(form).on("change", soon); // its lists tell jQuery alone
  textarea.addEventListener("compositionend", soon);
  addEventListener("online", () => {
    if (!ready) iframe.src = iframe.src; // it was asked for while nobody could answer
    soon();
  });
  send({ type: "hello" }); // a frame that was ready before this script says so again
  run();
  return { soon };
}

const clamp = (number) => Math.min(1, Math.max(0, number));
