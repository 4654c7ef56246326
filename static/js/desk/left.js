// A post that can only be read by now: what this browser still has of it can be copied or discarded.

const note = document.getElementById("desk:left");

function found() {
  try {
    const mine = Object.keys(localStorage).filter((key) => key.startsWith(`roost:${note.dataset.user}:`));
    return mine.map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) })).filter(({ post }) => post === note.dataset.post);
  } catch {
    return []; // forbidden, or not ours
  }
}

function show() {
  const left = found();
  note.hidden = left.length === 0;
  note.querySelector("textarea").value = left.map(({ fields }) => `${fields.title}\n\n${fields.body}`).join("\n\n");
}

note?.querySelector("button").addEventListener("click", () => {
  for (const { key } of found()) localStorage.removeItem(key);
  show();
});
if (note) show();
