// A pair's worksheet: kept on this device alone, printed if wanted, never sent.
import { forget, read, say, write } from "./device.js";

const form = document.querySelector("#worksheet");
const name = `worksheet ${form.dataset.pair}`;
const lines = [...form.querySelectorAll("[data-line]")];
const kept = read(name, {});

for (const line of lines) {
  line.value = kept[line.dataset.line] ?? "";
  line.addEventListener("input", () => {
    const all = Object.fromEntries(lines.map((each) => [each.dataset.line, each.value]));
    say(write(name, all) ? "" : form.dataset.keepsNothing);
  });
}
form.addEventListener("submit", (event) => event.preventDefault());

const clear = form.querySelector("#forget");
clear.hidden = false;
clear.addEventListener("click", () => { forget(name); for (const line of lines) line.value = ""; });
