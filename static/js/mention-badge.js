// Tells somebody on whatever page that a colleague's note calls her, and keeps the number at the inbox's entry.
(() => {
  const place = () => document.querySelector("[data-mention-badge]");

  const count = async (isNew) => {
    const mine = place();
    const response = await fetch(mine.dataset.mentionBadge, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const now = Number(await response.text());
    const before = Number(mine.dataset.count);
    mine.dataset.count = now;
    document.querySelectorAll(`[data-count-of="${mine.dataset.entry}"]`).forEach((badge) => {
      badge.textContent = now;
      badge.hidden = !now;
    });
    if (isNew && now > before) document.dispatchEvent(new CustomEvent("hub:toast", { detail: { text: mine.dataset.told, level: "info" } }));
  };

  document.addEventListener("live", (event) => {
    if (!event.target.matches("[data-mention-badge]")) return;
    if (event.detail.some(({ kind }) => kind === "mention")) count(true);
    else if (event.detail.some(({ kind }) => ["subscribed", "notice"].includes(kind))) count(false);
  }, true);
})();
