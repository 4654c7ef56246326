"use strict";
// Runs before the page is painted, so that a remembered choice doesn't flash and buttons, which only a script can
// serve, don't push the text aside when they appear.
document.documentElement.dataset.script = "";
if (navigator.share) document.documentElement.dataset.share = "";
try {
  const choice = localStorage.getItem("theme");
  if (choice === "dark" || choice === "light") document.documentElement.dataset.theme = choice;
} catch (_) {
  // Storage is switched off: the system's choice stands.
}
