/* Two ways to the hub, one shape of answers: a WebSocket, and POST where sockets do not get through.
   Reconnects by itself with growing, jittered pauses; knows nothing of what the frames mean. */

const PING_MS = 25_000;
const PONG_MS = 10_000;
/* On a slow line an answer takes longer: as long as the socket took to be ready, three times over, and never for ever. */
const LONGEST_PONG_MS = 30_000;
const POLL_MS = 5_000;
const MAX_PAUSE_MS = 30_000;
/* After so many sockets that never opened, ask by POST meanwhile. */
const TRIES_BEFORE_POLLING = 2;

const post = async (address, body) => {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), LONGEST_PONG_MS);
  try {
    /* text/plain: browsers ask no leave (CORS preflight) for it, one round trip less. */
    const response = await fetch(address, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "text/plain" },
      credentials: "omit",
      signal: abort.signal,
    });
    const answer = await response.json().catch(() => null);
    return { ok: response.ok, status: response.status, answer: answer || {} };
  } catch {
    return { ok: false, status: 0, answer: {} };
  } finally {
    clearTimeout(timer);
  }
};

/* A file on its way may take as long as it takes. */
const sendForm = async (address, body) => {
  try {
    const response = await fetch(address, { method: "POST", body, credentials: "omit" });
    return { ok: response.ok, status: response.status, answer: (await response.json().catch(() => null)) || {} };
  } catch {
    return { ok: false, status: 0, answer: {} };
  }
};
const fetchContent = (address, body) =>
  fetch(address, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "text/plain" }, credentials: "omit" })
    .then((response) => (response.ok ? response.blob() : null), () => null);

/* A page that may not use the widget cannot read the hub's refusal: to a script it looks like no network at all.
   Whether the hub is there is asked for without reading the answer. */
const isThere = (hub) => fetch(`${hub}/widget.js`, { method: "HEAD", mode: "no-cors", credentials: "omit", cache: "no-store" }).then(() => true, () => false);

/* `hello()` gives the first frame or null; `onFrame` gets each frame; `poll()` asks by POST;
   `onChange(status)` hears "connecting" | "online" | "polling" | "offline". */
const openSocket = ({ url, hello, onFrame, onChange, poll }) => {
  let socket = null;
  let isReady = false;
  let isStopped = false;
  let failures = 0;
  let retryTimer = 0;
  let pingTimer = 0;
  let pongTimer = 0;
  let pollTimer = 0;
  let minimumPause = 0;
  let patience = PONG_MS;

  const connect = () => {
    clearTimeout(retryTimer);
    if (isStopped || socket) return;
    const first = hello();
    if (!first) return;
    if (!failures) onChange("connecting");
    const mine = new WebSocket(url);
    socket = mine;
    const beganAt = Date.now();
    /* Some proxies let a socket hang half open: it has to be ready in time. After that it gets more: the line may be slow. */
    pongTimer = setTimeout(drop, Math.min(LONGEST_PONG_MS, PONG_MS * (1 + failures)));
    mine.onopen = () => mine.send(JSON.stringify(first));
    mine.onmessage = (event) => {
      if (mine !== socket) return;
      const frame = JSON.parse(event.data);
      if (frame.kind === "pong") clearTimeout(pongTimer);
      if (frame.kind === "ready") {
        isReady = true;
        failures = 0;
        patience = Math.min(LONGEST_PONG_MS, Math.max(PONG_MS, 3 * (Date.now() - beganAt)));
        clearTimeout(pongTimer);
        clearInterval(pollTimer);
        pollTimer = 0;
        clearInterval(pingTimer);
        pingTimer = setInterval(ping, PING_MS);
        onChange("online");
      }
      onFrame(frame);
    };
    mine.onclose = (event) => { if (mine === socket) lost(event.code); };
  };

  const lost = (code) => {
    socket = null;
    isReady = false;
    failures += 1;
    clearInterval(pingTimer);
    clearTimeout(pongTimer);
    if (isStopped) return;
    if (code === 4008) minimumPause = 5_000;
    if (code === 4401) { onFrame({ kind: "error", code: "unknown_visitor" }); return; }
    const usePost = failures >= TRIES_BEFORE_POLLING && navigator.onLine !== false;
    if (usePost && !pollTimer) { pollTimer = setInterval(poll, POLL_MS); poll(); }
    if (!pollTimer) onChange("offline");
    const pause = Math.max(minimumPause, Math.min(MAX_PAUSE_MS, 500 * 2 ** (failures - 1)));
    minimumPause = 0;
    /* Jitter: a hub that restarts is not met by everybody in the same instant. */
    retryTimer = setTimeout(connect, pause * (0.5 + Math.random()));
  };

  const drop = () => {
    const old = socket;
    if (!old) return;
    lost(1006);
    old.onclose = null;
    old.close();
  };

  const ping = () => {
    if (!isReady) return;
    socket.send('{"kind":"ping"}');
    clearTimeout(pongTimer);
    pongTimer = setTimeout(drop, patience);
  };

  /* A laptop that wakes up, a network that comes back: ask now rather than in half a minute. */
  const hurry = () => {
    if (isStopped || document.visibilityState === "hidden") return;
    if (isReady) ping();
    else if (!socket) connect();
  };
  const offline = () => { drop(); clearInterval(pollTimer); pollTimer = 0; onChange("offline"); };
  window.addEventListener("online", hurry);
  window.addEventListener("offline", offline);
  window.addEventListener("pageshow", hurry);
  document.addEventListener("visibilitychange", hurry);

  return {
    connect,
    isReady: () => isReady,
    isPolling: () => Boolean(pollTimer),
    send: (frame) => socket.send(JSON.stringify(frame)),
    drop,
    stop: () => {
      isStopped = true;
      clearTimeout(retryTimer);
      clearInterval(pollTimer);
      pollTimer = 0;
      drop();
    },
  };
};
