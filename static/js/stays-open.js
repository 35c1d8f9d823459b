// <details id data-stays-open> is as open as it was when the part around it is fetched anew.
(() => {
  let open = [];

  document.addEventListener("htmx:beforeSwap", (event) => {
    open = [...event.detail.target.querySelectorAll("details[data-stays-open][open]")].map((one) => one.id);
  });

  // Of a part that is replaced as a whole this comes from the one that stands there now.
  document.addEventListener("htmx:afterSwap", () => {
    open.forEach((id) => { const one = document.getElementById(id); if (one) one.open = true; });
    open = [];
  });
})();
