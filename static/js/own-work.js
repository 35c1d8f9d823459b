// Tells her on whatever page that a customer begins to wait for her: what routing or a colleague gives her, and who writes
// again after an answer. Once in all tabs: whom she was told of is kept in localStorage, by ticket and the begin of the wait.
(() => {
  const TOLD = "cxhub-own-work";
  const ONE_BY_ONE = 3;
  const HIDDEN_LATER_MS = 700;
  const source = () => document.querySelector("[data-own-work]");
  const chime = openChime({
    memory: {
      choice: (name) => localStorage.getItem(`cxhub-desk-${name}`),
      keepChoice: (name, value) => localStorage.setItem(`cxhub-desk-${name}`, value),
    },
  });

  const isBeforeHer = (wait) => document.visibilityState === "visible" && document.hasFocus()
    && Boolean(document.querySelector(`[data-conversation][data-live~="ticket.${wait.dataset.wait}"]`));
  const say = (text, url, tag) => {
    document.dispatchEvent(new CustomEvent("hub:toast", { detail: { text, url } }));
    if (!document.hasFocus()) notification.show({ text, url, tag });
    chime.ring(tag);
  };

  const tell = (news) => {
    const waits = [...news.querySelectorAll("[data-wait]")];
    const kept = localStorage.getItem(TOLD);
    const told = JSON.parse(kept || "{}");
    localStorage.setItem(TOLD, JSON.stringify(Object.fromEntries(waits.map(({ dataset }) => [dataset.wait, dataset.since]))));
    // Who waited before this device asked for the first time is no news.
    if (kept === null) return;
    const fresh = waits.filter((wait) => told[wait.dataset.wait] !== wait.dataset.since && !isBeforeHer(wait));
    if (fresh.length > ONE_BY_ONE) say(news.dataset.textMany.replace("{n}", fresh.length), news.dataset.url, "own-work");
    else fresh.reverse().forEach((wait) => say(wait.textContent, wait.dataset.url, `${wait.dataset.wait} ${wait.dataset.since}`));
  };

  const ask = inTurn(async () => {
    // What is told once is told where she looks, if she looks at one of her tabs.
    if (document.visibilityState === "hidden") await new Promise((go) => { setTimeout(go, HIDDEN_LATER_MS); });
    const response = await fetch(source().dataset.ownWork, { headers: { "HX-Request": "true" } }).catch(() => null);
    // When the hub is back, the socket says so and this is asked again.
    if (!response?.ok || response.redirected) return;
    tell(document.createRange().createContextualFragment(await response.text()).firstElementChild);
  });

  const drawSwitch = () => {
    const button = document.querySelector("[data-sound]");
    if (!button) return;
    const state = document.querySelector("[data-sound-state]");
    button.hidden = false;
    button.textContent = chime.isOn() ? button.dataset.textOn : button.dataset.textOff;
    state.textContent = chime.isOn() ? state.dataset.textOn : state.dataset.textOff;
  };

  document.addEventListener("live", (event) => { if (event.target.matches("[data-own-work]")) ask(); }, true);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-sound]")) return;
    chime.toggle();
    drawSwitch();
  });
  document.addEventListener("DOMContentLoaded", drawSwitch);
})();
