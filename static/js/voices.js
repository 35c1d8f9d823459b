// Puts beside each of a customer's messages what was heard in it, as the hub tells it: when the page begins to listen,
// whenever something was heard or corrected, and when older lines come.
(() => {
  const slotOf = (pane, line, part) => {
    const item = document.getElementById(`line-${line}`);
    if (!item || !pane.contains(item)) return null;
    return item.querySelector(`[data-marks="${CSS.escape(part)}"]`) || item.querySelector("[data-marks]");
  };

  const put = (pane) => {
    const holder = pane.querySelector("[data-voices]");
    if (!holder) return;
    const filled = new Set();
    for (const told of holder.querySelectorAll("template")) {
      const slot = slotOf(pane, told.dataset.marksOf, told.dataset.marksPart);
      if (!slot) continue;
      filled.add(slot);
      if (slot.dataset.told === told.innerHTML) continue;
      // Whoever works with them by keyboard stays where she was: on the mark in the same place, or the last one.
      const place = [...slot.querySelectorAll("[data-voice-mark]")].indexOf(document.activeElement);
      slot.dataset.told = told.innerHTML;
      slot.replaceChildren(told.content.cloneNode(true));
      htmx.process(slot);
      const marks = slot.querySelectorAll("[data-voice-mark]");
      if (place >= 0 && marks.length) marks[Math.min(place, marks.length - 1)].focus({ preventScroll: true });
    }
    pane.querySelectorAll("[data-marks][data-told]").forEach((slot) => {
      if (filled.has(slot)) return;
      delete slot.dataset.told;
      slot.replaceChildren();
    });
  };

  const ask = inTurnFor(async (pane) => {
    const holder = pane.isConnected && pane.querySelector("[data-voices]");
    if (!holder) return;
    const response = await fetch(holder.dataset.voicesUrl, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    holder.replaceWith(document.createRange().createContextualFragment(await response.text()));
    put(pane);
  });

  document.addEventListener("live", (event) => {
    if (!event.target.matches("[data-conversation]")) return;
    if (event.detail.some((what) => what.kind === "voices" || what.kind === "subscribed")) ask(event.target);
  }, true);
  document.addEventListener("hub:lines", (event) => put(event.target.closest("[data-conversation]")));
  document.addEventListener("voices-changed", () => document.querySelectorAll("[data-conversation]").forEach(ask));
})();
