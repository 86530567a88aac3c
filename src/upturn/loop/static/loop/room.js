// What a room hears: where it is, and how many have handed in. Phones, projector and console share it.
const AWAY_MS = 3000;

export const listen = ({ topics, since, hear, back = () => {} }) => {
  let stream;
  let last = since;
  let retry;
  const heard = (event) => {
    last = event.lastEventId || last;
    hear(JSON.parse(event.data || "{}"));
  };
  const open = () => {
    clearTimeout(retry);
    stream?.close();
    const asked = [["after", last], ...topics.map((topic) => ["topic", topic])];
    stream = new EventSource(`/live/?${new URLSearchParams(asked)}`);
    for (const topic of topics) stream.addEventListener(topic, heard);
    stream.addEventListener("reload", (event) => { last = event.lastEventId || last; back(); });
    stream.addEventListener("open", () => back());
    stream.addEventListener("error", () => { if (stream.readyState === EventSource.CLOSED) retry = setTimeout(open, AWAY_MS * (0.5 + Math.random())); });
  };
  open();
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) open();
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
