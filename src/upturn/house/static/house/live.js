// One stream a page, and only while the page is shown: what changes for a topic named in data-live
// makes that part fetch itself anew. data-since is the event up to which the page was drawn.
const parts = [...document.querySelectorAll("[data-live]")];
const topicsOf = (part) => part.dataset.live.split(" ").filter(Boolean);
const topics = [...new Set(parts.flatMap(topicsOf))];
let stream;
let since = parts[0]?.dataset.since;

const refresh = (event) => {
  since = event.lastEventId;
  parts
    .filter((part) => event.type === "reload" || topicsOf(part).includes(event.type))
    .forEach((part) => part.dispatchEvent(new CustomEvent("changed")));
};

const listen = () => {
  const asked = [["after", since], ...topics.map((topic) => ["topic", topic])];
  stream = new EventSource(`/live/?${new URLSearchParams(asked)}`);
  for (const name of [...topics, "reload"]) stream.addEventListener(name, refresh);
};

if (topics.length > 0) {
  listen();
  // A browser has six connections to a house; tabs in the background must not hold them.
  document.addEventListener("visibilitychange", () => (document.hidden ? stream.close() : listen()));
}
