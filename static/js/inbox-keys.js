// The inbox by keyboard: j k r n t e / ? Esc. Letters count only outside of fields, and with Hangul input on as well:
// the key's place on the board decides, since ㅓ is what j types then.
(() => {
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]");
  const press = (key) => document.querySelector(`#ticket-head [data-key=${key}]`);

  const go = (step) => {
    const rows = [...document.querySelectorAll("[data-row] > a")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
    next.scrollIntoView({ block: "nearest" });
    next.click();
  };

  const write = (mode) => document.querySelector(`[data-composer] [data-mode-button=${mode}]`)?.click();

  const acts = {
    KeyJ: () => go(1),
    KeyK: () => go(-1),
    KeyR: () => write("reply"),
    KeyN: () => write("note"),
    KeyT: () => { const button = press("t"); if (button && !button.disabled) button.click(); },
    KeyE: () => {
      const menu = press("e");
      if (!menu) return;
      menu.open = true;
      menu.querySelector("summary").focus();
    },
    Slash: () => document.querySelector("[data-list-search]")?.focus(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && event.target.matches?.("[data-list-search]")) { event.target.blur(); return; }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) {
      event.preventDefault();
      document.getElementById("shortcuts").showModal();
      return;
    }
    const act = acts[event.code];
    if (!act || event.shiftKey) return;
    event.preventDefault();
    act();
  });

  // The topics come with the menu: the first is a key away.
  document.addEventListener("htmx:afterSwap", (event) => {
    const menu = event.detail.target?.closest("details[data-key=e][open]");
    menu?.querySelector("input[type=radio]:checked, input[type=radio], input, select")?.focus();
  });
})();
