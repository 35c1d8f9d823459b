// Puts below each of our messages how it stands with its way out, as the hub tells it: when the page begins
// to listen, and whenever one of them has moved. What belongs to no message stands below the conversation.
(() => {
  const NEAR_END_PX = 120;

  const slotOf = (pane, seq) => (seq === "0"
    ? pane.querySelector("[data-delivery-beside]")
    : pane.querySelector(`[data-lines] [data-ours][data-seq="${CSS.escape(seq)}"] [data-delivery]`));

  const put = (pane) => {
    const holder = pane.querySelector("[data-deliveries]");
    if (!holder) return;
    const scroll = pane.querySelector("[data-scroll]");
    const wasAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
    const latest = new Map([...holder.children].map((one) => [one.dataset.deliveryOf, one]));
    for (const [seq, told] of latest) {
      const slot = slotOf(pane, seq);
      // Words that a reader has heard already are not put there again.
      if (!slot || slot.dataset.told === told.innerHTML) continue;
      slot.dataset.told = told.innerHTML;
      slot.replaceChildren(told.content.cloneNode(true));
      htmx.process(slot);
    }
    pane.querySelectorAll("[data-delivery][data-told]").forEach((slot) => {
      if (latest.has(slot.closest("[data-seq]").dataset.seq)) return;
      delete slot.dataset.told;
      slot.replaceChildren();
    });
    if (wasAtEnd) scroll.scrollTop = scroll.scrollHeight;
  };

  const ask = inTurnFor(async (pane) => {
    if (!pane.isConnected) return;
    const holder = pane.querySelector("[data-deliveries]");
    const response = await fetch(holder.dataset.deliveriesUrl, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    holder.replaceWith(document.createRange().createContextualFragment(await response.text()));
    put(pane);
  });

  document.addEventListener("live", (event) => {
    if (!event.target.matches("[data-conversation]")) return;
    const kinds = new Set(event.detail.map((what) => what.kind));
    // What she has seen here need not go after her.
    const isSpared = kinds.has("seen") && [...event.target.querySelectorAll("[data-delivery-of]")].some((told) => told.content.querySelector("[data-delivery-state=waiting]"));
    if (kinds.has("delivery") || kinds.has("subscribed") || isSpared) ask(event.target);
  }, true);
  document.addEventListener("hub:lines", (event) => put(event.target.closest("[data-conversation]")));
})();
