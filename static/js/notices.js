// Shows what is said to this person on whatever page she is: broadcasts, whispers, tickets taken over. They stay until she has read
// them; a whisper in the conversation that she has open is read there.
(() => {
  const CHECK_MS = 15_000;
  const place = () => document.querySelector("[data-notices]");
  const open = () => document.querySelector("[data-ticket-panes]")?.dataset.ticketPanes;
  let number = 0;

  const leave = () => {
    place()?.querySelectorAll("[data-ends-at]").forEach((notice) => { if (Date.parse(notice.dataset.endsAt) <= Date.now()) notice.remove(); });
    if (document.visibilityState !== "hidden") place()?.querySelectorAll(`[data-notice="${open()}"]`).forEach((notice) => notice.remove());
  };

  const fetchAll = async () => {
    number += 1;
    const mine = number;
    const response = await fetch(place().dataset.notices, { headers: { "HX-Request": "true" } }).catch(() => null);
    // When the hub is back, the socket says so and this is asked again.
    if (!response?.ok || response.redirected) return;
    const fresh = document.createRange().createContextualFragment(await response.text());
    if (mine !== number) return;
    const shown = [...place().querySelectorAll("form")].map((form) => form.action + form.textContent).join();
    if (shown === [...fresh.querySelectorAll("form")].map((form) => form.action + form.textContent).join()) return;
    place().replaceChildren(fresh);
    htmx.process(place());
    leave();
  };

  // In the conversation that she has open a whisper stands out by itself; that it is no longer hers does not.
  const tellTaken = (told) => {
    if (!told.some(({ kind, of, ticket }) => kind === "notice" && of === "ticket.assigned" && ticket === open())) return;
    document.dispatchEvent(new CustomEvent("hub:toast", { detail: { text: place().dataset.textTaken, level: "warning" } }));
  };

  document.addEventListener("live", (event) => {
    if (event.target.matches("[data-notices]")) tellTaken(event.detail);
    if (event.target.matches("[data-notices]") && event.detail.some(({ kind }) => ["subscribed", "notice", "mention"].includes(kind))) fetchAll();
  }, true);
  document.addEventListener("visibilitychange", leave);
  document.addEventListener("htmx:afterSettle", leave);
  setInterval(leave, CHECK_MS);
})();
