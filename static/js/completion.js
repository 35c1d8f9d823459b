// A list that opens while something is typed into a field. Arrows choose, Enter or Tab takes, Escape closes. Enter that
// ends a syllable takes as well, and sends nothing. What opens it, what is in it and what taking means is the caller's:
//   typed(field)       what is typed for this list: {word, start}, or nothing
//   listOf(field)      the list's element; urlOf(field): where its content comes from, once for each page
//   choose(list, word) the options that fit, in their order
//   pick(option, {field, start})
window.completion = ({ selector, listSelector, typed, listOf, urlOf, choose, pick }) => {
  let open = null; // {field, list, options, at, start}
  let isPickDue = false;
  let isEnterSpent = false;

  const close = () => {
    if (!open) return;
    open.list.hidden = true;
    open.field.removeAttribute("aria-activedescendant");
    open.field.setAttribute("aria-expanded", "false");
    open = null;
    isPickDue = false;
  };

  const mark = (at) => {
    open.at = (at + open.options.length) % open.options.length;
    open.options.forEach((option, place) => option.setAttribute("aria-selected", String(place === open.at)));
    open.options[open.at].scrollIntoView({ block: "nearest" });
    open.field.setAttribute("aria-activedescendant", open.options[open.at].id);
  };

  const coming = new WeakMap();
  const contentFor = (list, url) => {
    if (!coming.has(list)) coming.set(list, fetchContent(list, url).catch(() => false).finally(() => coming.delete(list)));
    return coming.get(list);
  };
  const fetchContent = async (list, url) => {
    const response = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!response.ok || response.redirected) return false;
    list.replaceChildren(document.createRange().createContextualFragment(await response.text()));
    list.dataset.isLoaded = "yes";
    return true;
  };

  const look = (field) => {
    const found = typed(field);
    if (!found) { close(); return; }
    const list = listOf(field);
    if (!list.dataset.isLoaded) {
      // What is typed while it comes counts.
      contentFor(list, urlOf(field)).then((isThere) => { if (isThere && field.isConnected) look(field); });
      return;
    }
    const all = [...list.querySelectorAll("[role=option]")];
    const options = choose(all, found.word.normalize("NFC"));
    all.forEach((option) => { option.hidden = !options.includes(option); });
    if (!options.length) {
      close();
      // Nothing at all is there yet: what to do about it is said where it would have been.
      list.hidden = !list.querySelector("[data-nothing]") || Boolean(found.word);
      return;
    }
    open = { field, list, options, at: 0, start: found.start };
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark(0);
  };

  const take = (option) => {
    const chosen = open;
    close();
    pick(option, chosen);
    close();
  };

  document.addEventListener("input", (event) => { if (event.target.matches(selector)) look(event.target); });
  document.addEventListener("keydown", (event) => {
    if (isEnterSpent && event.key === "Enter" && !event.isComposing) { event.preventDefault(); event.stopImmediatePropagation(); isEnterSpent = false; return; }
    isEnterSpent = false;
    if (!open || event.target !== open.field) return;
    const key = event.key === "Process" || event.keyCode === 229 ? event.code : event.key;
    if (key === "ArrowDown" || key === "ArrowUp") mark(open.at + (key === "ArrowDown" ? 1 : -1));
    else if (key === "Escape") close();
    else if (key === "Enter" || key === "Tab") {
      event.stopImmediatePropagation();
      // The syllable is still open: it ends first, then what is taken comes in its place.
      if (event.isComposing) { isPickDue = true; return; }
      take(open.options[open.at]);
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("keyup", (event) => { if (event.key === "Enter") isEnterSpent = false; }, true);
  document.addEventListener("compositionend", (event) => {
    if (!isPickDue || event.target !== open?.field) return;
    event.stopImmediatePropagation();
    setTimeout(() => {
      if (!open || !isPickDue) return;
      take(open.options[open.at]);
      // On Windows the Enter that ended the syllable comes once more.
      isEnterSpent = true;
    });
  }, true);
  document.addEventListener("pointerdown", (event) => {
    document.querySelectorAll(listSelector).forEach((list) => { if (!open && !list.contains(event.target)) list.hidden = true; });
    if (!open) return;
    const option = event.target.closest(`${listSelector} [role=option]`);
    if (!option) { if (event.target !== open.field) close(); return; }
    const { field } = open;
    event.preventDefault();
    take(option);
    field.focus();
  });
  document.addEventListener("composer:put", close);
  // Whether the list's content is there, fetched if need be.
  const load = async (field) => Boolean(listOf(field).dataset.isLoaded) || contentFor(listOf(field), urlOf(field));
  return { load };
};
