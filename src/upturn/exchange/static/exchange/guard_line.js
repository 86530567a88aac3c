// Under a guarded form: which guard reads on this device, quietly; and what waits until it does.
import { button, made } from "./guard_panel.js";
import { meaning } from "./guard_reading.js";

const SETTLE_MS = 600;
let drawn = 0;

const partOf = ({ says, meaning: { about } }) =>
  says.part.replace("{got}", Math.floor(meaning.share * parseFloat(about))).replace("{about}", about);

/** A button that appears where a finger may just be tapping twice takes no notice of that. */
function settled(said, then, className) {
  const since = performance.now();
  return button(said, () => performance.now() - since > SETTLE_MS && then(), className);
}

export class Line {
  constructor(form) {
    this.place = made("div", { className: "reads", tabIndex: -1 });
    const send = form.querySelector("button:not([type=button])");
    // Below the button, so that it stays under the finger.
    if (send) (send.closest(".acts, .one-line") ?? send).after(this.place);
    else form.append(this.place);
  }

  get waiting() { return this.place.classList.contains("guard"); }

  draw(loud, ...inside) {
    const held = this.place.contains(document.activeElement);
    this.place.classList.toggle("guard", loud);
    if (loud) this.place.setAttribute("role", "status");
    else this.place.removeAttribute("role");
    this.place.replaceChildren(...inside);
    if (held) this.place.focus();
    if (loud) this.place.scrollIntoView({ block: "nearest" });
  }

  /** Say which guard reads, or that none does; `fetch` is offered where it has to be asked for. */
  quiet({ says, meaning: offered }, fetch, { strange }) {
    if (strange) {
      this.draw(false, made("p", {}, says.not_read));
      return;
    }
    const said = { there: says.reads_meaning, due: says.fetches, fetching: says.fetches }[meaning.state];
    const line = made("p", { className: "aside" }, said ?? says.counts_words);
    if (meaning.state === "resting") {
      line.append(" ", button(says.fetch.replace("{about}", offered.about), fetch, "btn plain"));
    }
    this.draw(false, line);
  }

  /** Say what a send waits for. The share changes too often to be read out: the bar tells it. */
  waits(side, count) {
    drawn += 1;
    const [before, after] = side.says.fetching.split("{part}");
    this.part = made("span", { ariaHidden: "true" });
    this.bar = made("progress", { max: 1 });
    this.bar.setAttribute("aria-labelledby", `reads-${drawn}`);
    this.draw(true,
      made("p", { id: `reads-${drawn}` }, before, this.part, after),
      this.bar,
      made("p", { className: "acts" }, settled(side.says.count_only, count)));
    this.moved(side);
  }

  moved(side) {
    this.part.textContent = partOf(side);
    // All is here and is made ready: how long that takes nobody knows.
    if (meaning.share < 1) this.bar.value = meaning.share;
    else this.bar.removeAttribute("value");
  }

  failed({ says }, again, count) {
    this.draw(true,
      made("p", {}, says.not_fetched),
      made("p", { className: "acts" }, button(says.again, again), settled(says.count_only, count)));
  }
}
