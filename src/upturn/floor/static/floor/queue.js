// Taps of this phone, kept until the house has answered, and sent in the order of the thumb.
// The page and its service worker share this file, so it is a script and no module.
self.upturnQueue = (() => {
  const NAME = "upturn-board";
  const TRY_MS = 8000;
  const SETTLED_NEVER = new Set([408, 425, 429]);
  const clock = () => performance.timeOrigin + performance.now();
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  // A browser that keeps nothing (private windows of some) holds its taps as long as the page is open.
  const memory = { taps: new Map(), kept: new Map(), last: 0 };
  let opened;
  const open = () => {
    opened ??= new Promise((resolve) => {
      const give = () => resolve(null);
      try {
        const request = indexedDB.open(NAME, 1);
        request.onupgradeneeded = () => {
          request.result.createObjectStore("taps", { keyPath: "seq", autoIncrement: true });
          request.result.createObjectStore("kept");
        };
        request.onsuccess = () => {
          request.result.onversionchange = () => { request.result.close(); opened = undefined; };
          resolve(request.result);
        };
        request.onerror = give;
      } catch { give(); }
    });
    return opened;
  };
  const store = async (name, mode, act) => {
    const base = await open();
    return base ? asked(act(base.transaction(name, mode).objectStore(name))) : undefined;
  };

  const add = async (url, body, board) => {
    const tap = { url, body, board, at: clock() };
    tap.seq = await store("taps", "readwrite", (taps) => taps.add(tap));
    if (tap.seq === undefined) { memory.last += 1; tap.seq = memory.last; memory.taps.set(tap.seq, tap); }
    return tap;
  };
  const waiting = async () => (await store("taps", "readonly", (taps) => taps.getAll())) ?? [...memory.taps.values()];
  const remove = async (seq) => { memory.taps.delete(seq); await store("taps", "readwrite", (taps) => taps.delete(seq)); };
  const get = async (key) => (await open()) ? store("kept", "readonly", (kept) => kept.get(key)) : memory.kept.get(key);
  const put = async (key, value) => { memory.kept.set(key, value); await store("kept", "readwrite", (kept) => kept.put(value, key)); };

  // Forgets the shift: what waits, what was shown, what was told. `spare` names what stays.
  const wipe = async (...spare) => {
    const stays = await Promise.all(spare.map(get));
    memory.taps.clear();
    memory.kept.clear();
    await store("taps", "readwrite", (taps) => taps.clear());
    await store("kept", "readwrite", (kept) => kept.clear());
    await Promise.all(spare.map((key, at) => stays[at] !== undefined && put(key, stays[at])));
  };

  const post = async (tap, again = true) => {
    const body = JSON.stringify({ ...tap.body, age_ms: Math.max(0, Math.round(clock() - tap.at)) });
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": (await get("token")) ?? "" };
    try {
      const answer = await fetch(tap.url, { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(TRY_MS) });
      if (answer.status === 403 && again) return await renewed() ? post(tap, false) : null;
      const later = answer.status === 0 || answer.status >= 500 || answer.status === 403 || SETTLED_NEVER.has(answer.status);
      if (later) return { wait_s: Number(answer.headers.get("Retry-After")) || 0 };
      const said = await answer.json().catch(() => ({}));
      return { status: answer.status, ok: answer.ok, ...said };
    } catch { return null; }
  };
  // The token of forms changes when somebody signs in; what was tapped before then is not lost.
  const renewed = async () => {
    const fresh = await get("fresh");
    const token = fresh && (await fetch(fresh)).headers.get("X-CSRFToken");
    if (token) await put("token", token);
    return Boolean(token);
  };

  let busy = null;
  const alone = (act) => {
    if (self.navigator.locks) return self.navigator.locks.request(`${NAME}-taps`, act);
    busy = (busy ?? Promise.resolve()).then(act, act);
    return busy;
  };
  // Gives true when nothing waits any more, else how many seconds to wait before the next try.
  const send = (settled = () => {}) => alone(async () => {
    for (;;) {
      const [tap] = await waiting();
      if (!tap) return true;
      const answer = await post(tap);
      if (!answer?.status) return answer?.wait_s ?? 0;
      await settled(tap, answer);
      await remove(tap.seq);
    }
  });

  return { add, waiting, get, put, wipe, send, clock };
})();
