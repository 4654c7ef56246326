// Saving waits for what is under way: pictures that arrive, a new post whose draft is just being made.

const waits = [];
let held = false;

/** `wait` gives a promise while there is something to wait for. One that resolves to false takes the save back. */
export const beforeSaving = (wait) => waits.push(wait);

const form = document.getElementById("post_form");
form?.addEventListener("submit", hold, true); // before all others, who would think that the page is left

async function hold(event) {
  const button = event.submitter;
  if (button?.hasAttribute("formaction")) return; // it saves nothing
  const under = held ? [] : waits.map((wait) => wait()).filter(Boolean);
  if (!held && !under.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (held) return; // pressed twice
  held = true;
  const answers = await Promise.all(under);
  held = false;
  if (!answers.includes(false)) form.requestSubmit(button); // and look again: more may have begun
}
