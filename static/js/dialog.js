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
    const menu = opener?.closest("details[data-menu]");
    const back = menu?.querySelector("summary") || opener;
    if (menu) menu.open = false;
    dialog.addEventListener("close", () => { dialog.remove(); giveBack(back); });
    if (!dialog.open) dialog.showModal();
  });

  // Who opened it has the focus again, or what stands in its place where the page was drawn anew meanwhile.
  let opener = null;
  const giveBack = (element) => setTimeout(() => {
    if (!element || document.querySelector("dialog[open]")) return;
    const again = element.isConnected ? element : document.querySelector(`#ticket-head [data-key="${element.dataset.key || ""}"]`);
    again?.focus();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target } = event.detail;
    // One dialog that leads to another gives back to whoever opened the first.
    if (target?.matches?.("[data-dialog-root]") && !elt.closest("[data-dialog-root]")) opener = elt;
  });

  // Who has pressed what opens a dialog gets it: a part that is drawn anew at that moment would take the press away with
  // its element. It is asked for again once the dialog is there.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.detail.target;
    if (!opener?.classList.contains("htmx-request") || !part.contains(opener)) return;
    event.detail.shouldSwap = false;
    const listener = part.closest("[data-live]") || part;
    opener.addEventListener("htmx:afterRequest", () => listener.dispatchEvent(new CustomEvent("live", { detail: [{ kind: "subscribed" }] })), { once: true });
  });

  // What was asked for is done.
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest?.("[data-closes-dialog]");
    if (form && event.detail.successful) form.closest("dialog")?.close();
  });
})();
