// Keeps the number at the entry of the call-back list: whatever happens to a call may have changed it.
(() => {
  const place = () => document.querySelector("[data-call-back-badge]");
  // The worker settles what a call has settled a moment after the hint of the call itself.
  const REST_MS = 700;
  let timer = 0;

  const count = inTurn(async () => {
    const response = await fetch(place().dataset.callBackBadge, { headers: { "HX-Request": "true", Priority: "u=6" } }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const now = Number(await response.text());
    document.querySelectorAll(`[data-count-of="${place().dataset.entry}"]`).forEach((badge) => {
      badge.textContent = now;
      badge.hidden = !now;
    });
  });

  document.addEventListener("live", (event) => {
    if (!event.target.matches("[data-call-back-badge]")) return;
    clearTimeout(timer);
    timer = setTimeout(count, REST_MS);
  }, true);
})();
