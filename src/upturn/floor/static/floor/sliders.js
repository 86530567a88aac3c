// Shows the number of each slider beside it, as it moves.
for (const slider of document.querySelectorAll("[data-shows]")) {
  const output = slider.parentElement.querySelector("output");
  const show = () => { output.value = Number(slider.value).toLocaleString(document.documentElement.lang); };
  slider.addEventListener("input", show);
  show();
}
