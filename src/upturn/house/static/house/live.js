// One stream a page: when something changes for a topic named in data-live, that part fetches itself anew.
const parts = [...document.querySelectorAll("[data-live]")];
const topics = new Set(parts.flatMap((part) => part.dataset.live.split(" ").filter(Boolean)));

if (topics.size > 0) {
  const stream = new EventSource("/live/events");
  const refresh = (topic) => parts
    .filter((part) => topic === "reload" || part.dataset.live.split(" ").includes(topic))
    .forEach((part) => part.dispatchEvent(new CustomEvent("changed")));
  for (const topic of [...topics, "reload"]) stream.addEventListener(topic, () => refresh(topic));
  window.addEventListener("pagehide", () => stream.close());
}
