// Counts [data-due-seconds] down in business time: what is left is the due second less what the spans of the day have let pass.
// The arithmetic is that of tickets/countdown.py, the words those of tickets/templatetags/clocks.py.
(() => {
  const SOON_RATIO = 0.25;

  const amount = (seconds, units) => {
    const [form, count] = seconds < 60 ? [units.seconds, seconds]
      : seconds < 3600 ? [units.minutes, Math.floor(seconds / 60)]
      : [units.hours, Math.floor(seconds / 3600)];
    return form.replace("{n}", count);
  };

  const show = (element, now, units) => {
    let passed = 0;
    let isOpen = false;
    for (const span of element.dataset.spans.split(" ").filter(Boolean)) {
      const [opens, closes] = span.split("-").map(Number);
      passed += Math.max(0, Math.min(now, closes) - opens);
      isOpen ||= opens <= now && now < closes;
    }
    const left = Math.trunc(Number(element.dataset.dueSeconds) - passed);
    const isPast = now * 1000 > Date.parse(element.dateTime);
    const level = isPast ? "past" : left <= element.dataset.target * SOON_RATIO ? "soon" : "calm";
    if (element.dataset.level !== level) element.dataset.level = level;
    element.toggleAttribute("data-resting", !isOpen);
    const forms = units[`${isPast ? "late" : "left"}${element.dataset.kind.replace(/(^|_)(\w)/g, (_all, _line, letter) => letter.toUpperCase())}`];
    const text = forms.replace("{time}", amount(Math.abs(left), units));
    const words = element.querySelector("[data-due-words]");
    if (words.textContent !== text) words.textContent = text;
  };

  const tick = () => {
    const units = document.querySelector("[data-inbox-words]")?.dataset;
    if (document.visibilityState === "hidden" || !units) return;
    document.querySelectorAll("[data-due-seconds]").forEach((element) => show(element, Date.now() / 1000, units));
  };

  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("htmx:afterSwap", tick);
  document.addEventListener("DOMContentLoaded", tick);
})();
