// A plain form is sent once: its buttons rest until the page goes. form[data-submit-many] is left alone.
(() => {
  const rest = (form, isResting) => form.querySelectorAll("button[type=submit]").forEach((button) => {
    button.disabled = isResting;
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-submit-many")) return;
    // Later: a disabled button would not send its own name and value.
    setTimeout(() => rest(form, true));
  });
  // Back from the browser's page cache the buttons must work again.
  addEventListener("pageshow", (event) => { if (event.persisted) document.querySelectorAll("form").forEach((form) => rest(form, false)); });
})();
