// A page that is open looks now and then whether its round went on, and shows the new step.
const { state, watch } = document.querySelector("#round").dataset;
const wait = state === "confirming" || state === "opening" ? 3000 : 20_000;
const typing = () => document.querySelector("#figures")?.contains(document.activeElement);

async function look() {
  if (!document.hidden) {
    const answer = await fetch(watch).catch(() => null);
    const now = answer?.ok && !answer.redirected ? await answer.json() : null;
    if (now && now.state !== state && !typing()) { location.reload(); return; }
  }
  setTimeout(look, wait);
}
setTimeout(look, wait);
