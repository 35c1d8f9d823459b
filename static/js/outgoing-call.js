// A call made from the hub stays in sight on every page until it is over: dialling, ringing, talking. What the page knows of
// it across loads is its address alone; how it stands is fetched.
(() => {
  const MARK = "cxhub:outgoing-call";
  const AWAY_AFTER_MS = 20_000;
  const place = () => document.querySelector("[data-outgoing-call]");
  const shown = () => place()?.querySelector("[data-outgoing]");
  let timer = 0;

  const settle = () => {
    const card = shown();
    clearTimeout(timer);
    if (!card) { sessionStorage.removeItem(MARK); return; }
    sessionStorage.setItem(MARK, card.dataset.cardUrl);
    // Its own page shows it already.
    const own = card.querySelector("[data-outgoing-open]");
    card.hidden = own?.pathname === location.pathname;
    // A problem waits for a decision.
    if (card.hasAttribute("data-is-over") && card.getAttribute("role") !== "alert") timer = setTimeout(away, AWAY_AFTER_MS);
  };

  const away = () => {
    sessionStorage.removeItem(MARK);
    if (place()) place().replaceChildren();
  };

  const refresh = inTurn(async () => {
    const url = sessionStorage.getItem(MARK);
    if (url && place()) await htmx.ajax("GET", url, { source: place(), target: place(), swap: "innerHTML" }).catch(() => {});
  });

  document.addEventListener("live", (event) => {
    if (event.target.matches("[data-outgoing-call]")) refresh();
  }, true);
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target === place()) settle(); });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.target === place() && [204, 404].includes(event.detail.xhr?.status)) away();
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-outgoing-dismiss]")) away(); });
  document.addEventListener("DOMContentLoaded", refresh);
})();
