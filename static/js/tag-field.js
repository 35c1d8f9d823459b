// A field for tags: names with commas between, and below it those there are that fit what is being typed.
(() => {
  const SHOWN = 8;
  const plain = (text) => text.normalize("NFC").trim().toLowerCase();
  const field = (element) => element.closest("[data-tag-field]");
  const input = (root) => root.querySelector("[data-tag-input]");
  const names = (root) => input(root).value.split(",").map((name) => name.trim());
  const offers = (root) => [...root.querySelectorAll("[data-tag-offers] li")];
  const shown = (root) => offers(root).filter((item) => !item.hidden).map((item) => item.firstElementChild);

  const draw = (root) => {
    const all = names(root);
    const typed = plain(all.at(-1));
    const has = new Set(all.slice(0, -1).map(plain));
    let count = 0;
    offers(root).forEach((item) => {
      const name = plain(item.textContent);
      item.hidden = has.has(name) || name === typed || !name.includes(typed) || count >= SHOWN;
      if (!item.hidden) count += 1;
      item.firstElementChild.removeAttribute("data-current");
    });
    const chips = root.querySelector("[data-tag-chips]");
    chips.replaceChildren(...all.slice(0, -1).filter(Boolean).map((name) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "badge badge-sm badge-ghost gap-1 cursor-pointer";
      chip.dataset.tagRemove = name;
      chip.title = root.dataset.textRemove;
      chip.textContent = `${name} ×`;
      return chip;
    }));
  };

  const put = (root, name) => {
    const kept = names(root).slice(0, -1).filter((other) => other && plain(other) !== plain(name));
    input(root).value = [...kept, name, ""].join(", ");
    input(root).focus();
    draw(root);
  };

  const step = (root, by) => {
    const some = shown(root);
    if (!some.length) return false;
    const at = some.findIndex((one) => one.hasAttribute("data-current"));
    some[at]?.removeAttribute("data-current");
    const next = some[Math.min(Math.max(at + by, 0), some.length - 1)];
    next.setAttribute("data-current", "");
    next.scrollIntoView({ block: "nearest" });
    return true;
  };

  document.addEventListener("input", (event) => { if (event.target.matches("[data-tag-input]")) draw(field(event.target)); });
  document.addEventListener("focusin", (event) => {
    if (!event.target.matches("[data-tag-input]")) return;
    const own = event.target;
    if (own.value.trim() && !own.value.trimEnd().endsWith(",")) own.value += ", ";
    draw(field(own));
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-tag-input]") || event.isComposing) return;
    const root = field(event.target);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (step(root, event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    }
    const current = root.querySelector("[data-current]");
    if (event.key === "Enter" && current) { event.preventDefault(); put(root, current.dataset.tagOffer); }
  });
  document.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-tag-offer]");
    if (offer) put(field(offer), offer.dataset.tagOffer);
    const chip = event.target.closest("[data-tag-remove]");
    if (!chip) return;
    const root = field(chip);
    input(root).value = names(root).filter((name) => name !== chip.dataset.tagRemove).join(", ");
    input(root).focus();
    draw(root);
  });
})();
