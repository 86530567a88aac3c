// Sends what waits on this phone, in its order, and the same again until the house has answered.
import { settle, waiting } from "./device.js";

const TRY_MS = 8000;
const AGAIN_MS = [500, 1000, 2000, 4000];
const token = { now: document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "" };

export const setToken = (given) => { if (given) token.now = given; };

export const post = async (url, body) => {
  try {
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token.now };
    const answer = await fetch(url, { method: "POST", body: JSON.stringify(body), headers, redirect: "manual", signal: AbortSignal.timeout(TRY_MS) });
    const said = await answer.json().catch(() => ({}));
    return { status: answer.status, ok: answer.ok, ...said };
  } catch { return { status: 0, ok: false }; }
};

// A refusal that will pass by itself keeps the card waiting; any other is told beside the card.
const passes = ({ status, code }) => status === 0 || status >= 500 || status === 403 || status === 425 || status === 429 || code === "gone";

export const sender = ({ url, ref, renew, settled }) => {
  let busy = false;
  let failed = 0;
  let later;

  const one = async (card) => {
    const { state, said, hidden, ...body } = card;
    const answer = await post(url, body);
    if (passes(answer)) { if (answer.status === 403) await renew(); return answer; }
    settle(ref, card.ref, answer.ok ? { state: "in", said: "" } : { state: "refused", said: answer.said ?? "" });
    return answer;
  };

  const send = async () => {
    if (busy) return;
    busy = true;
    clearTimeout(later);
    let held = false;
    for (const card of waiting(ref)) {
      const answer = await one(card);
      settled(card, answer);
      held ||= passes(answer);
      if (answer.status === 0 || answer.status >= 500) break;
    }
    busy = false;
    failed = held ? failed + 1 : 0;
    if (held) later = setTimeout(send, AGAIN_MS[Math.min(failed, AGAIN_MS.length) - 1]);
  };
  addEventListener("online", send);
  return send;
};
