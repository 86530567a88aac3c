// Reads texts beside the page, so that typing never waits for it. What comes in: where rules and weights
// are, then texts with the own list of words. What goes out: findings. No text leaves the device here.
import { checkText, prepared, withMeaning } from "./guard.js";

const STEPS = 200; // how often at most the page is told how far it is
let guard = null;
let embed = null;

async function answered(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

const json = async (address) => (await answered(address)).json();

/** The model's bytes as they come; a file of another length than was said is none. */
async function streamed({ model, bytes }, tell) {
  const whole = new Uint8Array(bytes);
  const stream = (await answered(model)).body.getReader();
  let [at, told] = [0, 0];
  for (let part = await stream.read(); !part.done; part = await stream.read()) {
    whole.set(part.value, at);
    at += part.value.length;
    const step = Math.floor((STEPS * at) / bytes);
    if (step > told) tell(at / bytes);
    told = step;
  }
  if (at !== bytes) throw new Error(`${model}: ${at} of ${bytes} bytes`);
  return whole.buffer;
}

async function prepare({ rules, model, meaning }, tell) {
  const counting = Promise.all([json(rules), json(model)]);
  if (!meaning) {
    guard = prepared(...(await counting));
    return;
  }
  // The small part first: without it nothing large is fetched in vain.
  const { sentenceModel } = await import("./sentence_model.js");
  const [files, weights, buffer] = await Promise.all([counting, json(meaning.weights), streamed(meaning, tell)]);
  const sentences = await sentenceModel(buffer);
  embed = (text) => sentences.embed(text);
  guard = withMeaning(prepared(...files), weights);
}

const read = ({ texts, listed }) => texts.map((text) => checkText(text, guard, listed, embed));

const WORKS = { prepare, read };

addEventListener("message", async ({ data: { id, kind, content } }) => {
  try {
    postMessage({ id, done: await WORKS[kind](content, (share) => postMessage({ id, share })) });
  } catch (error) {
    postMessage({ id, failed: String(error) });
  }
});
