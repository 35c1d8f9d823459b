// Takes up what somebody said into the answer that is being written: the words stand above the field until they are
// removed or sent. A note is internal: quoting one makes the answer a note.
(() => {
  const composer = () => document.querySelector("[data-composer]");

  const show = (form) => {
    const chip = form.querySelector("[data-quoting]");
    const id = form.elements.quote.value;
    const line = id && document.getElementById(`line-${id}`);
    chip.hidden = !id;
    chip.querySelector("[data-quoting-text]").textContent = line ? line.querySelector("[data-said]")?.textContent.trim() : chip.dataset.earlier;
  };

  const quote = (form, id) => {
    form.elements.quote.value = id;
    show(form);
    form.dispatchEvent(new CustomEvent("composer:quoted", { bubbles: true }));
    form.querySelector("[data-text]").focus();
  };

  document.addEventListener("composer:put", (event) => show(event.target));
  document.addEventListener("click", (event) => {
    const form = composer();
    const button = event.target.closest("[data-quote]");
    if (button && form) {
      const noteButton = form.querySelector("[data-mode-button=note]");
      if (button.hasAttribute("data-is-internal") && form.dataset.mode === "reply") noteButton.click();
      quote(form, button.dataset.quote);
    }
    if (event.target.closest("[data-quoting-remove]")) quote(form, "");
    // To where it was said, if that is on the page.
    const link = event.target.closest("a[data-quoted]");
    const line = link && document.getElementById(link.hash.slice(1));
    if (link) event.preventDefault();
    if (line) {
      line.scrollIntoView({ block: "center" });
      line.tabIndex = -1;
      line.focus({ preventScroll: true });
    }
  });
})();
