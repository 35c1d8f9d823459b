// The inbox by keyboard: j k x r n t a s p l m u y g w e v / ? Esc. What is selected comes before what is open. Letters count only outside of fields, and with Hangul input on as well:
// the key's place on the board decides, since ㅓ is what j types then.
(() => {
  // A field keeps the focus for a moment after its dialog has closed; nobody types there any more.
  const isTyping = (target) => !target.closest("dialog:not([open])") && target.closest("input, textarea, select, [contenteditable]");
  const press = (key) => document.querySelector(`[data-many-bar]:not([hidden]) [data-key=${key}]`) || document.querySelector(`#ticket-head [data-key=${key}]`);
  const select = (toLast) => document.dispatchEvent(new CustomEvent("hub:select", { detail: { toLast } }));

  const go = (step) => {
    const rows = [...document.querySelectorAll("[data-row] > a")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
    next.scrollIntoView({ block: "nearest" });
    next.click();
  };

  const use = (element) => {
    if (!element || element.disabled) return;
    if (!element.matches("details")) {
      // A head that was drawn this very moment is not bound yet: its links would lead away.
      htmx.process(element.closest("form") || element);
      element.click();
      return;
    }
    element.open = true;
    element.querySelector("summary").focus();
  };

  const help = () => {
    const sheet = document.getElementById("shortcuts");
    sheet.querySelectorAll("[data-shortcut-for]").forEach((line) => { line.hidden = !document.querySelector(line.dataset.shortcutFor); });
    sheet.showModal();
  };

  const write = (mode) => document.querySelector(`[data-composer] [data-mode-button=${mode}]`)?.click();

  const acts = {
    KeyJ: () => go(1),
    KeyK: () => go(-1),
    KeyR: () => write("reply"),
    KeyN: () => write("note"),
    KeyX: () => select(false),
    // What was heard last.
    KeyV: () => [...document.querySelectorAll("[data-conversation] [data-voice-mark]")].at(-1)?.click(),
    ...Object.fromEntries([..."taseplmuygw"].map((key) => [`Key${key.toUpperCase()}`, () => use(press(key))])),
    Slash: () => document.querySelector("[data-list-search]")?.focus(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && event.target.matches?.("[data-list-search]")) { event.target.blur(); return; }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) {
      event.preventDefault();
      help();
      return;
    }
    if (event.key === "Escape") { document.dispatchEvent(new CustomEvent("hub:select-none", { cancelable: true })); return; }
    if (event.code === "KeyX" && event.shiftKey) { event.preventDefault(); select(true); return; }
    const act = acts[event.code];
    if (!act || event.shiftKey) return;
    event.preventDefault();
    act();
  });

  // The choices come with the menu: the first is a key away.
  document.addEventListener("htmx:afterSwap", (event) => {
    event.detail.target?.closest("details[data-key=a][open]")?.querySelector("input[type=search], button:not([disabled])")?.focus();
    const menu = event.detail.target?.closest("details[data-key=e][open]");
    menu?.querySelector("input[type=radio]:checked, input[type=radio], input, select")?.focus();
  });
})();
