// Tells the hub when she has been away from keyboard and pointer for as long as her center allows, and when she is back.
// All her tabs count together: the last sign of life is kept in localStorage.
(() => {
  const CHECK_MS = 15_000;
  const NOTE_MS = 5_000;
  const KEY = "cxhub:active";

  let noted = 0;
  let telling = null; // what is on its way to the hub, or waits for its turn
  const control = () => document.querySelector("[data-availability]");
  // It stands on the page twice, for wide and for narrow screens; the one that is seen may know it first.
  const isShownAway = () => Boolean(document.querySelector('[data-availability][data-state="away"][data-cause="idle"]'));
  const lastActive = () => Math.max(noted, Number(localStorage.getItem(KEY)) || 0);

  // She may be back before the answer to her being away is: that is told behind it.
  const post = inTurn(async (isIdle) => {
    const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
    // Not told now is told with the next look, or the next key.
    await fetch(control().dataset.idleUrl, { method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams({ idle: isIdle ? "1" : "" }) }).catch(() => null);
    if (telling === isIdle) telling = null;
  });
  const tell = (isIdle) => {
    if (telling === isIdle) return;
    telling = isIdle;
    post(isIdle);
  };

  const look = () => {
    const shown = control()?.dataset;
    if (shown?.state === "online" && Date.now() - lastActive() > Number(shown.awaySeconds) * 1000) tell(true);
  };

  const active = () => {
    if (isShownAway()) tell(false);
    if (Date.now() - noted < NOTE_MS) return;
    noted = Date.now();
    localStorage.setItem(KEY, String(noted));
  };

  let focusIn = "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    const place = event.target.closest?.("[data-availability-place]");
    if (!place) return;
    // An open menu is not taken away from under her hand: what was told meanwhile is fetched when it closes.
    const menu = event.target === place && place.querySelector("details[open]");
    if (!menu) return;
    event.preventDefault();
    menu.addEventListener("toggle", () => place.dispatchEvent(new CustomEvent("live")), { once: true });
  });
  // The control that comes is a new one: the focus goes on to it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const focused = document.activeElement?.closest("[data-availability]");
    if (focused && event.detail.target.closest("[data-availability-place]")?.contains(focused)) focusIn = focused.dataset.place;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (focusIn) document.querySelector(`[data-place="${focusIn}"] summary`)?.focus();
    focusIn = "";
  });

  active();
  ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"].forEach((kind) => addEventListener(kind, active, { passive: true, capture: true }));
  setInterval(look, CHECK_MS);
  document.addEventListener("visibilitychange", look);
})();
