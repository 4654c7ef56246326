"use strict";
// A picture that is pasted anywhere on a form goes into its field for pictures, as if it had been chosen.
addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector("input[type=file][data-paste]");
  if (!field) return;
  const preview = document.createElement("canvas"); // an <img> of it would need another source in the policy
  preview.className = "thumbnail";
  const show = async () => {
    preview.remove();
    if (!field.files.length) return;
    try {
      const picture = await createImageBitmap(field.files[0]);
      const scale = Math.min(1, 320 / picture.width);
      preview.width = picture.width * scale;
      preview.height = picture.height * scale;
      preview.getContext("2d").drawImage(picture, 0, 0, preview.width, preview.height);
      field.after(preview);
    } catch (_) {
      // This browser can't show it; the server will say whether it can.
    }
  };
  field.addEventListener("change", show);
  document.addEventListener("paste", (event) => {
    const pictures = [...(event.clipboardData?.files || [])].filter((file) => file.type.startsWith("image/"));
    // Spreadsheets put a picture beside the text that is meant for a field.
    const isText = event.clipboardData?.types.includes("text/plain") && event.target.closest?.("input, textarea");
    if (!pictures.length || isText) return;
    event.preventDefault();
    const chosen = new DataTransfer();
    chosen.items.add(pictures[0]);
    field.files = chosen.files;
    show();
    field.scrollIntoView({ block: "center" });
    field.focus();
  });
});
