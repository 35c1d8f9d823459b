// The one search box: results while typing, the keyboard, and a barcode scanner (which types fast and sends Enter).
(() => {
  const PAUSE_MS = 160;

  const form = document.querySelector("[data-lookup]");
  if (!form) return;
  const box = form.querySelector("[data-lookup-box]");
  const list = document.getElementById("results");
  let timer = 0;
  let asked = box.value.trim();
  let isAnswered = true;
  let opensSingle = false;
  let enterWhileComposing = false;

  const links = () => [...list.querySelectorAll("[data-result]")];

  // hx-sync aborts the request before: an answer that comes late never replaces a newer one.
  const ask = () => {
    clearTimeout(timer);
    asked = box.value.trim();
    isAnswered = false;
    form.dispatchEvent(new CustomEvent("lookup", { bubbles: true }));
  };

  const openIfSingle = () => {
    const found = links();
    if (!opensSingle || found.length !== 1) { opensSingle = false; return; }
    opensSingle = false;
    found[0].click();
    box.select();
  };

  const enter = () => {
    opensSingle = true;
    if (box.value.trim() !== asked) ask();
    else if (isAnswered) openIfSingle();
  };

  // Hangul is in composition while its last syllable stands: searching must not wait for the end of it.
  box.addEventListener("input", () => {
    opensSingle = false;
    clearTimeout(timer);
    if (box.value.trim() !== asked) timer = setTimeout(ask, PAUSE_MS);
  });
  box.addEventListener("compositionend", () => {
    if (!enterWhileComposing) return;
    enterWhileComposing = false;
    setTimeout(enter);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (event.isComposing) enterWhileComposing = true;
      else enter();
    }
    if (event.key === "ArrowDown" && !event.isComposing && links().length) {
      event.preventDefault();
      links()[0].focus();
    }
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); enter(); });

  list.addEventListener("keydown", (event) => {
    const all = links();
    const at = all.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && all[at + 1]) all[at + 1].focus();
    else if (event.key === "ArrowUp") (all[at - 1] || box).focus();
    else if (event.key === "Escape") box.focus();
    else return;
    event.preventDefault();
  });
  list.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== list) return;
    isAnswered = true;
    list.scrollTop = 0;
    if (box.value.trim() === asked) openIfSingle();
  });

  // `/` leads to the box, and so does whatever a scanner types while nothing has the focus.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    if (document.activeElement && document.activeElement !== document.body && document.activeElement.id !== "main") return;
    if (document.querySelector("dialog[open]") || !box.offsetParent) return;
    if (event.key === "/") event.preventDefault();
    box.focus();
    box.select();
  });
})();
