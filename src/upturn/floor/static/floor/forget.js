// A phone without a seat keeps nothing of the shift but what it met itself, until its holder read it.
const names = document.querySelector("[data-ref]")?.dataset.ref;
await self.upturnQueue.wipe(...(names ? [`own ${names}`] : []));
