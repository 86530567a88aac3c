// One tap puts a line that somebody suggested into the field of the vision, where it can be changed.
const field = document.querySelector("#vision");
document.querySelectorAll("[data-line]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    field.value = button.dataset.line;
    field.focus();
  });
});
