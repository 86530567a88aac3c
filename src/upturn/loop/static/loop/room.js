// What a room hears: where it is, and how many have handed in. Phones, projector and console share it.
const SOON_MS = 300;
const [AWAY_MS, LONG_AWAY_MS, TRIES] = [1000, 4000, 20];
const SPREAD_MS = 2000;

// Browsers wait three to five seconds before they come back, and a full room all at once: the tries
// are made here, the first soon, each phone at its own moment. What was missed comes by itself, then
// `again`; `back` where all must be read anew, with true if the house does not know what was missed.
export const listen = ({ topics, since, hear, back = () => {}, again = () => {} }) => {
  let stream;
  let last = since;
  let retry;
  let failed = 0;
  let begun = false;
  const heard = (event) => {
    last = event.lastEventId || last;
    hear(JSON.parse(event.data || "{}"));
  };
  const away = () => {
    stream.close();
    const wait = failed === 0 ? SOON_MS * Math.random() : (failed < TRIES ? AWAY_MS : LONG_AWAY_MS) * (0.5 + Math.random());
    failed += 1;
    retry = setTimeout(open, wait);
  };
  const open = () => {
    clearTimeout(retry);
    stream?.close();
    const asked = [["after", last], ...topics.map((topic) => ["topic", topic])];
    stream = new EventSource(`/live/?${new URLSearchParams(asked)}`);
    for (const topic of topics) stream.addEventListener(topic, heard);
    stream.addEventListener("reload", (event) => { last = event.lastEventId || last; setTimeout(back, SPREAD_MS * Math.random(), true); });
    stream.addEventListener("open", (event) => {
      if (!(event instanceof MessageEvent)) return; // the browser's own word for an open line
      failed = 0;
      if (begun) again();
      begun = true;
    });
    stream.addEventListener("error", away);
  };
  open();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    open();
    back(false);
  });
};

// "1:40", counted down by the clock of this device from what the house said was left.
export const clock = (show) => {
  let until = null;
  const tick = () => {
    const left = until === null ? null : Math.max(0, Math.round((until - Date.now()) / 1000));
    show(left === null ? "" : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`, left);
  };
  setInterval(tick, 1000);
  return (seconds) => { until = seconds === null || seconds === undefined ? null : Date.now() + seconds * 1000; tick(); };
};

export const fill = (node, values) => {
  node.textContent = node.dataset.text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
};
