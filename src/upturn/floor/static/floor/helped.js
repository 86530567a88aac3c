// What this phone met on the shift, shown to its holder once and then forgotten.
const line = document.querySelector("[data-own]");
const { upturnQueue: queue } = self;
if (line) {
  const own = Object.values((await queue.get(`own ${line.dataset.own}`)) ?? {});
  await queue.wipe();
  const many = { met: own.filter((each) => each === "own").length, helped: own.filter((each) => each === "help").length };
  for (const [name, n] of Object.entries(many)) {
    const part = line.querySelector(`[data-${name}]`);
    part.textContent = name === "met" || n > 0 ? part.dataset.text.replace("{n}", n) : "";
  }
  line.hidden = own.length === 0;
} else await queue.wipe();
