// How specific a card is (who, when, what words), and whether it looks back. While somebody types,
// nothing leaves the device. The server's engine/specific.py reads the same word lists and is held
// to the same answers by tests.

const WORDS_LEAST = 4;
const TOKENS_MOST = 400;
const TOKEN = /[0-9]+(?:[.:][0-9]+)+|[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu;
const QUOTE =
  /["“„«‹][^"“”„«»‹›]*\p{L}[^"“”„«»‹›]*["“”»›]|‘[^‘’]*\p{L}[^‘’]*’/u;
const OPENS = /[.!?:;"“”„«»‹›‘()[\]\n/–—-]/;

function tokensOf(words) {
  const text = words.normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("’", "'");
  const tokens = [];
  let end = 0;
  for (const found of text.matchAll(TOKEN)) {
    if (tokens.length === TOKENS_MOST) break;
    const first = [...found[0]][0];
    const inside = end > 0 && !OPENS.test(text.slice(end, found.index));
    tokens.push({
      word: found[0]
        .toLowerCase()
        .replaceAll("\u0640", "")
        .replaceAll("ى", "ي")
        .replaceAll("ة", "ه")
        .replaceAll("ß", "ss"),
      capital: inside && /^\p{Lu}/u.test(first) && found[0].length > 1,
      digits: /^\p{Nd}/u.test(first),
    });
    end = found.index + found[0].length;
  }
  return tokens;
}

function fits(token, part, prefixes) {
  if (part === "#") return token.digits;
  const cut = prefixes.filter((each) => token.word.startsWith(each));
  const forms = [token.word, ...cut.map((each) => token.word.slice(each.length))];
  if (part.endsWith("*")) return forms.some((form) => form.startsWith(part.slice(0, -1)));
  return forms.includes(part);
}

function found(tokens, rules, key) {
  return rules[key].some((phrase) => {
    const parts = phrase.split(" ");
    return tokens.some(
      (_, at) =>
        at + parts.length <= tokens.length &&
        parts.every((part, step) => fits(tokens[at + step], part, rules.prefixes)),
    );
  });
}

function rulesOf(lists, language) {
  return lists[language.split("-")[0].toLowerCase()];
}

/** What of who, when and what words a text has; null in a language without lists, or too early. */
export function specific(words, language, lists) {
  const rules = rulesOf(lists, language);
  const tokens = tokensOf(words);
  if (!rules || tokens.length < WORDS_LEAST) return null;
  const named = (token) => token.capital && !found([token], rules, "when");
  return {
    who: found(tokens, rules, "who") || (rules.names && tokens.some(named)),
    when: found(tokens, rules, "when"),
    said: found(tokens, rules, "said") || QUOTE.test(words.normalize("NFKC")),
  };
}

/** "ahead", "wish", or null where a statement may be read as looking back. */
export function tense(words, language, lists) {
  const rules = rulesOf(lists, language);
  if (!rules) return null;
  const tokens = tokensOf(words);
  return ["ahead", "wish"].find((key) => found(tokens, rules, key)) ?? null;
}
