// Where this device keeps a token: under the address at which it admits an answer, until its day.
const read = (place) => {
  try { return JSON.parse(localStorage.getItem(place)); } catch { return null; }
};
const placeOf = (address) => `token ${address}`;

export const asText = (bytes) => btoa(String.fromCharCode(...bytes));
export const asBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export const keep = (place, value, until) => localStorage.setItem(place, JSON.stringify({ ...value, until }));
export const kept = (place) => read(place);
export const keepToken = (address, token, until) => keep(placeOf(address), token, until);
export const tokenFor = (address) => read(placeOf(address));

// What belongs to waves whose day is over goes.
export const tidy = () => {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  for (const place of Object.keys(localStorage)) {
    if (/^(card|token) /.test(place) && (read(place)?.until ?? "") < yesterday) localStorage.removeItem(place);
  }
};
