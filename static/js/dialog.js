// Opens and closes <dialog>: data-dialog-open="id", data-dialog-close; one swapped into #dialog-root opens by itself.
(() => {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.dialogOpen).showModal();
      return;
    }
    if (event.target.closest("[data-dialog-close]")) {
      event.target.closest("dialog").close();
      return;
    }
    // A click on the backdrop arrives at the dialog itself.
    if (event.target.matches("dialog.modal[open]") && !event.target.hasAttribute("data-dialog-firm")) {
      event.target.close();
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.detail.target?.matches("[data-dialog-root]")) return;
    const dialog = event.detail.target.querySelector("dialog");
    if (!dialog) return;
    dialog.addEventListener("close", () => dialog.remove());
    if (!dialog.open) dialog.showModal();
  });
})();
