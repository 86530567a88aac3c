// What a company hands in gets a reference and a key on its own device. The key stays here and takes
// the words back; in a round about the host nothing else ties them to who wrote them.
import { drawn, read, stay, write } from "./device.js";

const place = document.querySelector("#posts");
const { round, own, phase } = place.dataset;
const posts = () => read("posts", []);
const again = new Set();

for (const form of document.querySelectorAll("form[data-posts]")) {
  const { ref, key, words } = form.elements;
  // Given back by the host with what was typed: the same again, not a second one.
  if (ref.value) again.add(ref.value);
  form.addEventListener("submit", () => {
    ref.value ||= drawn();
    key.value ||= drawn();
    const others = posts().filter((each) => each.ref !== ref.value);
    write("posts", [...others, { ref: ref.value, key: key.value, round, words: words.value }]);
    stay();
  });
}

const blank = document.querySelector("#pull");
const taking = ({ ref, key }) => {
  const form = blank.content.cloneNode(true).querySelector("form");
  form.elements.post.value = ref;
  form.elements.key.value = key;
  form.addEventListener("submit", () => write("posts", posts().filter((each) => each.ref !== ref)));
  return form;
};

const mine = posts().filter((each) => each.round === round && !again.has(each.ref));
const section = document.querySelector("#own");
if (blank && section && own === "yes" && phase === "write") {
  for (const each of mine) {
    const words = Object.assign(document.createElement("p"), { className: "word", textContent: each.words, dir: "auto" });
    const row = document.createElement("li");
    row.append(words, taking(each));
    section.querySelector("ul").append(row);
  }
  section.hidden = mine.length === 0;
}
if (blank) {
  mine.forEach((each) => document.querySelector(`[data-post="${each.ref}"]`)?.append(taking(each)));
}
