// Keeps waiting times and running calls current: [data-waiting-since] grows and changes colour, [data-running-since] counts.
// Steps and units are those of tickets/templatetags/inbox.py.
(() => {
  const words = () => document.querySelector("[data-inbox-words]")?.dataset;
  const STEPS = [0.5, 1, 4];

  const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };

  const waiting = (element, now) => {
    const seconds = Math.max(0, Math.floor((now - Date.parse(element.dateTime)) / 1000));
    const units = words();
    if (!units) return;
    const [form, count] = seconds < 60 ? [units.seconds, seconds]
      : seconds < 3600 ? [units.minutes, Math.floor(seconds / 60)]
      : seconds < 172800 ? [units.hours, Math.floor(seconds / 3600)]
      : [units.days, Math.floor(seconds / 86400)];
    put(element, form.replace("{n}", count));
    const level = String(STEPS.filter((step) => seconds >= Number(element.dataset.target) * step).length);
    if (element.dataset.level !== level) element.dataset.level = level;
  };

  const running = (element, now) => {
    const seconds = Math.max(0, Math.floor((now - Date.parse(element.dataset.runningSince)) / 1000));
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
    const start = hours ? `${hours}:${String(minutes).padStart(2, "0")}` : String(minutes);
    put(element, `${start}:${String(seconds % 60).padStart(2, "0")}`);
  };

  const tick = () => {
    if (document.visibilityState === "hidden") return;
    const now = Date.now();
    document.querySelectorAll("[data-waiting-since]").forEach((element) => waiting(element, now));
    document.querySelectorAll("[data-running-since]").forEach((element) => running(element, now));
  };

  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("htmx:afterSwap", tick);
  document.addEventListener("DOMContentLoaded", tick);
})();
