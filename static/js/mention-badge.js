// Tells somebody on whatever page that a colleague's note calls her, or that an answer of hers did not arrive, and keeps
// the number at the inbox's entry.
(() => {
  const place = () => document.querySelector("[data-mention-badge]");

  const wordsOf = (mine, { of }) => (of === "delivery.failed"
    ? { text: mine.dataset.toldUndelivered, level: "error" }
    : { text: mine.dataset.told, level: "info" });

  let called = null;
  const count = inTurn(async () => {
    const mine = place();
    const asked = called;
    const response = await fetch(mine.dataset.mentionBadge, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const now = Number(await response.text());
    const before = Number(mine.dataset.count);
    mine.dataset.count = now;
    document.querySelectorAll(`[data-count-of="${mine.dataset.entry}"]`).forEach((badge) => {
      badge.textContent = now;
      badge.hidden = !now;
    });
    if (called && now > before) document.dispatchEvent(new CustomEvent("hub:toast", { detail: wordsOf(mine, called) }));
    // What called her meanwhile and is not counted yet is told with the next count.
    if (called === asked || now > before) called = null;
  });

  document.addEventListener("live", (event) => {
    if (!event.target.matches("[data-mention-badge]")) return;
    const now = event.detail.findLast(({ kind }) => kind === "mention");
    called = now ?? called;
    if (now || event.detail.some(({ kind }) => ["subscribed", "notice"].includes(kind))) count();
  }, true);
})();
