// Django's searchable selects have no names for those who listen: give them those of their labels.
function nameSelects() {
  for (const box of document.querySelectorAll(".select2-selection")) {
    const select = box.closest(".select2").previousElementSibling;
    const label = select && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    if (!label) continue;
    const name = label.textContent.trim().replace(/:$/, "");
    for (const part of [box, ...box.querySelectorAll("[role=textbox], [type=search]")]) {
      const value = part.querySelector("[title]")?.title ?? part.title ?? "";
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", value ? `${name}: ${value}` : name);
    }
  }
}

window.django?.jQuery?.(nameSelects); // after those who make them: jQuery keeps the order
addEventListener("change", () => setTimeout(nameSelects));
document.addEventListener("formset:added", () => setTimeout(nameSelects));
