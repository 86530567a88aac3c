// A small step taken along from a meeting: this device alone knows it, the host only that there is one.
import { names, read, write } from "./device.js";

const NAME = "task ";
const form = document.querySelector("#task");

if (form) {
  const name = NAME + form.dataset.meeting;
  const [words, mine] = [form.querySelector("#words"), form.querySelector("#mine")];
  const kept = read(name);
  if (kept) {
    mine.textContent = kept.words;
    mine.hidden = false;
    if (words) words.value = kept.words;
  }
  if (words) words.required = true;
  form.addEventListener("submit", (event) => {
    const said = words?.value.trim();
    if (said && !write(name, { words: said, done: false })) {
      event.preventDefault();
      mine.textContent = form.dataset.keepsNothing;
      mine.hidden = false;
      setTimeout(() => form.submit(), 4000);
    }
  });
}

const list = document.querySelector("[data-tasks]");
if (list) {
  const own = names().map((each) => each.slice(each.indexOf(NAME))).filter((each) => each.startsWith(NAME));
  const row = (name) => {
    const task = read(name);
    const [line, words, acts] = [document.createElement("li"), document.createElement("p"), document.createElement("p")];
    words.className = "word";
    words.dir = "auto";
    words.textContent = task.words;
    acts.className = "acts";
    const button = document.createElement("button");
    button.className = "btn";
    button.textContent = list.dataset.done;
    const finished = () => { acts.textContent = list.dataset.isDone; };
    button.addEventListener("click", () => { write(name, { ...task, done: true }); finished(); });
    acts.append(button);
    if (task.done) finished();
    line.append(words, acts);
    return line;
  };
  list.append(...own.map(row));
  document.querySelector("#pocket").hidden = own.length === 0;
}
