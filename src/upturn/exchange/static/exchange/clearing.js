// Who left clears the own device too, if it likes.
const { clears } = document.querySelector("[data-clears]").dataset;
const button = document.querySelector("#clear");
const mine = () => Object.keys(localStorage).filter((name) => name.startsWith(`upturn exchange ${clears} `));

button.hidden = !mine().length;
button.addEventListener("click", () => {
  mine().forEach((name) => localStorage.removeItem(name));
  button.closest("section").querySelectorAll("p:not(.acts)").forEach((line) => line.remove());
  button.replaceWith(button.dataset.done);
});
