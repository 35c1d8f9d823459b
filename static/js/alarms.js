// Keeps the bell and the number of pressing promises current, says new alarms on screen, and as the browser's notifications where the person has switched them on.
(() => {
  const TOLD = "cxhub-alarm-told";
  const source = () => document.querySelector("[data-alarms]");

  const tell = (alarms) => {
    // The ids grow with time. What was new before this device asked for the first time is no news.
    const told = localStorage.getItem(TOLD);
    const fresh = told === null ? [] : alarms.filter((alarm) => alarm.dataset.alarm > told).reverse();
    const newest = alarms.map((alarm) => alarm.dataset.alarm).sort().at(-1) ?? told ?? "";
    localStorage.setItem(TOLD, told && told > newest ? told : newest);
    for (const alarm of fresh) {
      notification.show({ text: alarm.textContent, tag: alarm.dataset.alarm, url: alarm.dataset.url });
      document.dispatchEvent(new CustomEvent("hub:toast", { detail: { text: alarm.textContent, level: "error", url: alarm.dataset.url } }));
    }
  };

  const refresh = inTurn(async () => {
    const response = await fetch(source().dataset.alarms, { headers: { "HX-Request": "true" } }).catch(() => null);
    // When the hub is back, the socket says so and this is asked again.
    if (!response?.ok || response.redirected) return;
    const news = document.createRange().createContextualFragment(await response.text()).firstElementChild;
    document.querySelectorAll("[data-bell-count]").forEach((badge) => {
      badge.textContent = news.dataset.count;
      badge.hidden = news.dataset.count === "0";
    });
    document.querySelectorAll(`[data-count-of="${news.dataset.promisesUrl}"]`).forEach((badge) => {
      badge.textContent = news.dataset.promises;
      badge.hidden = news.dataset.promises === "0";
    });
    tell([...news.querySelectorAll("[data-alarm]")]);
  });

  const drawSwitch = () => {
    const button = document.querySelector("[data-notify]");
    if (!button || !notification.can()) return;
    const state = document.querySelector("[data-notify-state]");
    const isOn = notification.isWanted();
    button.hidden = notification.isDenied();
    button.textContent = isOn ? button.dataset.textOn : button.dataset.textOff;
    state.textContent = notification.isDenied() ? state.dataset.textDenied : isOn ? state.dataset.textOn : state.dataset.textOff;
  };

  document.addEventListener("live", (event) => { if (event.target.matches("[data-alarms]")) refresh(); }, true);
  document.addEventListener("promise-changed", refresh);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-notify]")) notification.flip().then(drawSwitch); });
  document.addEventListener("DOMContentLoaded", drawSwitch);
})();
