// data-copy="text" copies it and says so on the button for a moment.
(() => {
  const SAID_MS = 2000;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      // Plain http from another machine has no clipboard: select the text to copy by hand instead.
      const shown = document.getElementById(button.dataset.copySource || "");
      if (shown) getSelection().selectAllChildren(shown);
      return;
    }
    const label = button.querySelector("[data-copy-label]") || button;
    const before = label.textContent;
    label.textContent = button.dataset.copiedLabel;
    setTimeout(() => { label.textContent = before; }, SAID_MS);
  });
})();
