"use strict";
// Runs before the page is painted, so that a remembered choice doesn't flash.
try {
  const choice = localStorage.getItem("theme");
  if (choice === "dark" || choice === "light") document.documentElement.dataset.theme = choice;
} catch (_) {
  // Storage is switched off: the system's choice stands.
}
