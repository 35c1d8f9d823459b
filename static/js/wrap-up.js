// What somebody has chosen after a call is kept on this device until it is saved, as the note beside it is; and the form
// takes the keyboard when the call of whoever looks has just ended.
(() => {
  const KEPT = ["topic", "other_topic", "result", "next"];
  const markOf = (ticket) => `cxhub:wrap-up:${ticket}`;
  const formOf = (element) => element?.closest?.("[data-wrap-up-form]");

  const keep = (form) => {
    const said = Object.fromEntries(KEPT.map((name) => [name, [...form.querySelectorAll(`[name=${name}]`)].find((field) => field.type !== "radio" || field.checked)?.value ?? ""]));
    localStorage.setItem(markOf(form.dataset.wrapUpForm), JSON.stringify(said));
  };

  const restore = () => {
    const form = document.querySelector("[data-wrap-up-form]");
    const stage = form?.querySelector("[data-wrap-up-topics] label, [data-wrap-up-topics] select") ? "whole" : "begun";
    if (!form || form.dataset.restored === stage) return;
    // Once as it opens, and once more when its topics have come.
    const isFirst = !form.dataset.restored;
    form.dataset.restored = stage;
    const said = JSON.parse(localStorage.getItem(markOf(form.dataset.wrapUpForm)) || "null") ?? {};
    for (const name of KEPT) {
      for (const field of form.querySelectorAll(`[name=${name}]`)) {
        if (field.type === "radio") { if (said[name] && field.value === said[name]) field.checked = true; } else if (said[name]) field.value = said[name];
      }
    }
    const isElsewhere = document.activeElement && document.activeElement !== document.body && document.activeElement.matches("input, textarea, select");
    if (isFirst && "isMine" in form.dataset && !isElsewhere) document.querySelector("[data-composer] [data-text]")?.focus({ preventScroll: true });
  };

  document.addEventListener("change", (event) => { const form = formOf(event.target); if (form) keep(form); });
  document.addEventListener("input", (event) => { const form = formOf(event.target); if (form) keep(form); });
  // By then the form itself may be gone: what was saved is told to the page faster than to whoever saved it.
  document.addEventListener("composer:wrapped-up", (event) => localStorage.removeItem(markOf(event.target.dataset.draftKey)));
  for (const name of ["DOMContentLoaded", "htmx:afterSettle", "htmx:oobAfterSwap"]) document.addEventListener(name, restore);
})();
