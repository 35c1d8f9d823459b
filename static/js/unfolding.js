// What is unfolded beside a conversation stays so when the pane is fetched anew: the element itself moves over, as it
// was read.
(() => {
  let kept = [];

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.matches("[data-history]")) kept = [...event.target.querySelectorAll("details[open][data-unfolds]")];
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.target.matches("[data-history]")) return;
    for (const one of kept) {
      event.target.querySelector(`[data-unfolds="${one.dataset.unfolds}"]`)?.replaceWith(one);
      htmx.process(one);
    }
    kept = [];
  });
})();
