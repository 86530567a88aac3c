// A caller's notes stay in the caller's browser.
import { read, write } from "./device.js";

document.querySelectorAll("[data-notes]").forEach((field) => {
  const name = `notes ${field.dataset.notes}`;
  field.value = read(name, "");
  field.addEventListener("input", () => write(name, field.value));
});
