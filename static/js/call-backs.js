// Keeps the call-back list current, but never under a hand: while a menu of it is open, it waits.
(() => {
  const REST_MS = 400;
  let timer = 0;

  const refresh = () => {
    const list = document.querySelector("[data-call-backs]");
    clearTimeout(timer);
    if (!list) return;
    if (list.querySelector("details[open]")) { timer = setTimeout(refresh, REST_MS); return; }
    htmx.trigger(list, "refresh");
  };

  document.addEventListener("live", (event) => {
    if (!event.target.matches("[data-call-backs]")) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, REST_MS);
  }, true);
})();
