// What was before the agent's eyes, and how far the customer has read. Both by sequence number: a number never goes back.
(() => {
  // A message that has just come was not read yet, even where the page shows it.
  const READ_AFTER_MS = 800;
  const NEAR_END_PX = 120;

  const seqOf = (pane, name) => Number(pane.dataset[name] || 0);

  const markCustomer = (pane) => {
    const upto = seqOf(pane, "customerSeen");
    const hers = [...pane.querySelectorAll("[data-lines] [data-ours]")].filter((line) => Number(line.dataset.seq) <= upto);
    const last = hers.at(-1);
    pane.querySelectorAll("[data-read-mark]").forEach((mark) => { mark.hidden = mark.closest("li") !== last; });
  };

  const isAtEnd = (pane) => {
    const scroll = pane.querySelector("[data-scroll]");
    return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
  };

  const tell = (pane) => {
    const group = pane.dataset.live;
    document.dispatchEvent(new CustomEvent("hub:send", { detail: { kind: "seen", group, upto: seqOf(pane, "seenSeq") } }));
  };

  const look = (pane) => {
    const upto = seqOf(pane, "lastSeq");
    setTimeout(() => {
      if (!pane.isConnected || document.visibilityState === "hidden" || !isAtEnd(pane)) return;
      if (upto <= seqOf(pane, "seenSeq") && pane.dataset.isSeen) return;
      pane.dataset.isSeen = "yes";
      pane.dataset.seenSeq = Math.max(upto, seqOf(pane, "seenSeq"));
      tell(pane);
    }, READ_AFTER_MS);
  };

  document.addEventListener("hub:lines", (event) => { look(event.target); markCustomer(event.target); });
  document.addEventListener("visibilitychange", () => document.querySelectorAll("[data-conversation]").forEach(look));
  document.addEventListener("live", (event) => {
    if (!event.target.matches("[data-conversation]")) return;
    const pane = event.target;
    for (const what of event.detail) {
      if (what.kind === "subscribed" && pane.dataset.isSeen) tell(pane);
      if (what.kind === "seen") pane.dataset.customerSeen = Math.max(what.upto, seqOf(pane, "customerSeen"));
    }
    markCustomer(pane);
  }, true);
})();
