// Where lines of a textarea stand: a copy of it, which nobody sees, has elements that can be measured.

const COPIED = ["font", "lineHeight", "letterSpacing", "padding", "border", "boxSizing", "wordBreak", "overflowWrap", "tabSize"];

// The tops of these lines (from 1, ascending), in pixels below the textarea's.
export function lineTops(textarea, lines) {
  if (!lines.length) return [];
  const copy = document.createElement("div");
  const style = getComputedStyle(textarea);
  for (const name of COPIED) copy.style[name] = style[name];
  Object.assign(copy.style, { position: "absolute", top: 0, left: 0, visibility: "hidden", whiteSpace: "pre-wrap", width: `${textarea.offsetWidth}px` });
  const rows = textarea.value.split("\n");
  const marks = [];
  let from = 0;
  for (const line of lines) {
    copy.append(rows.slice(from, line - 1).map((row) => `${row}\n`).join(""));
    marks.push(copy.appendChild(Object.assign(document.createElement("span"), { textContent: "\u200b" })));
    from = Math.max(from, line - 1);
  }
  copy.append(rows.slice(from).join("\n"));
  document.body.append(copy);
  const tops = marks.map((mark) => mark.offsetTop);
  copy.remove();
  return tops;
}
