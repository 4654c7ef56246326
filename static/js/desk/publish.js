// Says in words, on the site's clock, what a chosen moment comes to.

const field = document.querySelector("[data-when-url]");
const words = field && document.getElementById(field.getAttribute("aria-describedby"));
let asked = 0;

async function spell() {
  const number = ++asked;
  if (!field.value) return void (words.textContent = "");
  try {
    const response = await fetch(`${field.dataset.whenUrl}?at=${encodeURIComponent(field.value)}`, { redirect: "manual" });
    const answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
    if (number === asked) words.textContent = answer.text || answer.error || "";
  } catch {
    if (number === asked) words.textContent = ""; // offline: the page says it after the press of the button
  }
}

field?.addEventListener("input", spell);
