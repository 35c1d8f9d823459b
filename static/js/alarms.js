// Keeps the bell and the number of pressing promises current, says new alarms on screen, and as the browser's notifications where the person has switched them on.
(() => {
  const TOLD = "cxhub-alarm-told";
  const WANTED = "cxhub-alarm-notifications";
  const source = () => document.querySelector("[data-alarms]");
  const canNotify = () => "Notification" in window && window.isSecureContext;
  const isWanted = () => canNotify() && Notification.permission === "granted" && localStorage.getItem(WANTED) === "on";

  const notify = (alarm) => {
    // The same tag from two tabs is one notification.
    const shown = new Notification(document.title.split(" · ").at(-1), { body: alarm.textContent, tag: alarm.dataset.alarm });
    shown.onclick = () => { window.focus(); location.assign(alarm.dataset.url); shown.close(); };
  };

  const tell = (alarms) => {
    // The ids grow with time. What was new before this device asked for the first time is no news.
    const told = localStorage.getItem(TOLD);
    const fresh = told === null ? [] : alarms.filter((alarm) => alarm.dataset.alarm > told).reverse();
    const newest = alarms.map((alarm) => alarm.dataset.alarm).sort().at(-1) ?? told ?? "";
    localStorage.setItem(TOLD, told && told > newest ? told : newest);
    for (const alarm of fresh) {
      if (isWanted()) notify(alarm);
      document.dispatchEvent(new CustomEvent("hub:toast", { detail: { text: alarm.textContent, level: "error" } }));
    }
  };

  const refresh = async () => {
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
  };

  const drawSwitch = () => {
    const button = document.querySelector("[data-notify]");
    if (!button || !canNotify()) return;
    const state = document.querySelector("[data-notify-state]");
    const isDenied = Notification.permission === "denied";
    button.hidden = isDenied;
    button.textContent = isWanted() ? button.dataset.textOn : button.dataset.textOff;
    state.textContent = isDenied ? state.dataset.textDenied : isWanted() ? state.dataset.textOn : state.dataset.textOff;
  };

  const flip = async () => {
    const wasOn = isWanted();
    if (!wasOn) await Notification.requestPermission();
    localStorage.setItem(WANTED, wasOn ? "off" : "on");
    drawSwitch();
  };

  document.addEventListener("live", (event) => { if (event.target.matches("[data-alarms]")) refresh(); }, true);
  document.addEventListener("promise-changed", refresh);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-notify]")) flip(); });
  document.addEventListener("DOMContentLoaded", drawSwitch);
})();
