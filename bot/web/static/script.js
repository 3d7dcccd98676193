// What makes the pages handier; they work without it.
"use strict";
for (const button of document.querySelectorAll("button.copy")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.done;
    } catch {
      field.select();
    }
  });
}
for (const form of document.querySelectorAll("form.question")) {
  form.addEventListener("submit", () => form.classList.add("busy"));
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form.busy")) form.classList.remove("busy");
});
