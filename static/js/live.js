// Keeps a desk page current over one socket. Elements name the groups that concern them: data-live="desk ticket.<hex>".
// When something changed there they get the event "live" (hx-trigger="live"); its detail lists what was told. They get it as well when the hub begins to
// listen for them, at first and after a lost connection: what happened before is in the database and in no hint. Protocol: channels_app/desk/payloads.py.
(() => {
  const PING_MS = 25_000;
  const PONG_MS = 10_000;
  // On a slow line an answer takes longer: as long as the socket took to open, three times over, and never for ever.
  const LONGEST_PONG_MS = 30_000;
  const MAX_PAUSE_MS = 30_000;
  // Hints come in bursts: the first refreshes at once, the rest of a burst together. What costs more to draw says its own rest: data-live-rest="3000".
  const REST_MS = 120;
  // Shorter losses (a hub restarting) are not worth a bar that flickers.
  const BAR_AFTER_MS = 1_500;

  let socket = null;
  let isReady = false;
  let joined = new Set();
  let isLoggedOut = false;
  let failures = 0;
  let retryTimer = 0;
  let pingTimer = 0;
  let pongTimer = 0;
  let barTimer = 0;
  let patience = PONG_MS;
  let subscribed = "";

  const listeners = () => [...document.querySelectorAll("[data-live]")];
  const groupsOf = (element) => element.dataset.live.split(/\s+/).filter(Boolean);

  const showBar = (isLost) => {
    const bar = document.querySelector("[data-live-bar]");
    if (!bar) return;
    if (!isLost) {
      clearTimeout(barTimer);
      barTimer = 0;
      bar.hidden = true;
    } else if (!barTimer) {
      // Counted from the first loss: tries that fail in between do not begin anew.
      barTimer = setTimeout(() => { bar.hidden = false; }, BAR_AFTER_MS);
    }
  };

  const resting = new WeakMap();
  const refresh = (element, what) => {
    const waiting = resting.get(element);
    if (waiting) { waiting.push(...what); return; }
    const later = [];
    resting.set(element, later);
    setTimeout(() => {
      resting.delete(element);
      if (!later.length) return;
      // What has come in its place meanwhile was drawn before some of this was told.
      const heirs = element.isConnected ? [element] : listeners().filter((other) => other.dataset.live === element.dataset.live);
      heirs.forEach((heir) => refresh(heir, later));
    }, Number(element.dataset.liveRest) || REST_MS);
    element.dispatchEvent(new CustomEvent("live", { detail: what, bubbles: false }));
  };

  const subscribe = () => {
    if (!isReady) return;
    const groups = [...new Set(listeners().flatMap(groupsOf))].sort();
    const asked = groups.join(" ");
    if (asked === subscribed) return;
    subscribed = asked;
    socket.send(JSON.stringify({ kind: "subscribe", groups }));
  };

  const take = (frame) => {
    if (frame.kind === "pong") clearTimeout(pongTimer);
    if (frame.kind === "hint") {
      listeners().filter((element) => groupsOf(element).includes(frame.group)).forEach((element) => refresh(element, [frame.what]));
      document.dispatchEvent(new CustomEvent("hub:hint", { detail: frame }));
    }
    // Something may have happened of which nobody was told: as after a lost connection.
    if (frame.kind === "missed") listeners().forEach((element) => refresh(element, [{ kind: "subscribed" }]));
    if (frame.kind === "subscribed") {
      const fresh = new Set(frame.groups.filter((group) => !joined.has(group)));
      joined = new Set(frame.groups);
      listeners().filter((element) => groupsOf(element).some((group) => fresh.has(group))).forEach((element) => refresh(element, [{ kind: "subscribed" }]));
    }
  };

  // What a page tells the hub of itself: only while it listens, and never later. It is true for seconds.
  document.addEventListener("hub:send", (event) => { if (isReady) socket.send(JSON.stringify(event.detail)); });

  const lost = () => {
    socket = null;
    isReady = false;
    subscribed = "";
    joined = new Set();
    failures += 1;
    clearInterval(pingTimer);
    clearTimeout(pongTimer);
    if (isLoggedOut) return;
    showBar(true);
    const pause = Math.min(MAX_PAUSE_MS, 400 * 2 ** (failures - 1)) * (0.5 + Math.random());
    retryTimer = setTimeout(connect, pause);
  };

  const drop = () => {
    const old = socket;
    if (!old) return;
    old.onclose = null;
    lost();
    old.close();
  };

  const ping = () => {
    if (!isReady) return;
    socket.send('{"kind":"ping"}');
    clearTimeout(pongTimer);
    pongTimer = setTimeout(drop, patience);
  };

  const connect = () => {
    clearTimeout(retryTimer);
    if (socket || isLoggedOut || !listeners().length) return;
    const mine = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/ws/desk/`);
    socket = mine;
    const beganAt = Date.now();
    // One that hangs half open is given up sooner than one that has hung before: the line may be slow.
    pongTimer = setTimeout(drop, Math.min(LONGEST_PONG_MS, PONG_MS * (1 + failures)));
    mine.onopen = () => {
      isReady = true;
      patience = Math.min(LONGEST_PONG_MS, Math.max(PONG_MS, 3 * (Date.now() - beganAt)));
      failures = 0;
      clearTimeout(pongTimer);
      pingTimer = setInterval(ping, PING_MS);
      showBar(false);
      subscribe();
    };
    mine.onmessage = (event) => take(JSON.parse(event.data));
    mine.onclose = (event) => {
      if (mine !== socket) return;
      // Logged out or switched off: the next click leads to the log-in page.
      if (event.code === 4401) { isLoggedOut = true; showBar(true); }
      lost();
    };
  };

  const hurry = () => {
    if (document.visibilityState === "hidden") return;
    if (isReady) ping();
    else { failures = 0; connect(); }
  };

  addEventListener("online", hurry);
  addEventListener("offline", drop);
  addEventListener("pageshow", hurry);
  document.addEventListener("visibilitychange", hurry);
  document.addEventListener("DOMContentLoaded", connect);
  // Fragments bring new groups and take old ones away.
  document.addEventListener("htmx:afterSettle", () => { connect(); subscribe(); });
})();
