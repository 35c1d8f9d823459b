// The counter's two panes: the list and the customer. On a phone one of them shows; forms in dialogs close when sent.
(() => {
  const list = document.querySelector("[data-counter-list]");
  const pane = document.querySelector("[data-counter-pane]");
  const show = (isCustomer) => {
    list.classList.toggle("max-lg:hidden", isCustomer);
    pane.classList.toggle("max-lg:hidden", !isCustomer);
  };
  let listScroll = 0;

  const mark = () => {
    list.querySelectorAll("[data-result]").forEach((link) => {
      if (link.pathname === location.pathname) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === pane) {
      listScroll = scrollY;
      show(true);
      scrollTo(0, 0);
    }
  });
  document.addEventListener("htmx:pushedIntoHistory", mark);
  document.getElementById("results").addEventListener("htmx:afterSwap", mark);

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-counter-back]")) return;
    // Without results the link's own page is the better list.
    if (!list.querySelector("[data-result]")) return;
    event.preventDefault();
    history.replaceState(null, "", event.target.closest("a").href);
    show(false);
    mark();
    scrollTo(0, listScroll);
  });

  // What was written stays in the form until the hub has it; then the dialog goes and the form comes back empty.
  document.addEventListener("htmx:afterSwap", () => {
    document.querySelectorAll("[data-counter-form][data-sent]").forEach((form) => {
      form.removeAttribute("data-sent");
      const dialog = form.closest("dialog");
      if (dialog) dialog.close();
    });
  });
})();
