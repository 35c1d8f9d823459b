// Completes @names in a note: by part of the name or by its initials (ㅂㅅㄷ), also in the middle of a syllable. Arrows
// choose, Enter or Tab takes, Escape closes. Enter that ends a syllable takes the name as well, and sends nothing.
(() => {
  const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
  const FINALS = ["", ..."ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"];
  const PAIRS = { ㄳ: "ㄱㅅ", ㄵ: "ㄴㅈ", ㄶ: "ㄴㅎ", ㄺ: "ㄹㄱ", ㄻ: "ㄹㅁ", ㄼ: "ㄹㅂ", ㄽ: "ㄹㅅ", ㄾ: "ㄹㅌ", ㄿ: "ㄹㅍ", ㅀ: "ㄹㅎ", ㅄ: "ㅂㅅ" };
  const DOUBLED = { ㄲ: "ㄱ", ㄸ: "ㄷ", ㅃ: "ㅂ", ㅆ: "ㅅ", ㅉ: "ㅈ" };
  const plain = (jamo) => DOUBLED[jamo] || jamo;
  const numberOf = (letter) => { const number = letter.charCodeAt(0) - 0xac00; return number >= 0 && number < 11172 ? number : -1; };
  const initialOf = (letter) => (numberOf(letter) < 0 ? letter : INITIALS[Math.floor(numberOf(letter) / 588)]);

  const fits = (typed, letter) => (INITIALS.includes(typed)
    ? plain(initialOf(letter)) === plain(typed)
    : letter.toLowerCase().normalize("NFD").startsWith(typed.toLowerCase().normalize("NFD")));
  // The last consonant may belong to the next syllable: “밗” is 박 and the beginning of 상.
  const readings = (typed) => {
    const last = typed.at(-1) || "";
    const final = numberOf(last) < 0 ? "" : FINALS[numberOf(last) % 28];
    const apart = [...typed].flatMap((letter) => [...(PAIRS[letter] || letter)]).join("");
    if (!final) return [apart];
    const [stays, goes] = PAIRS[final] || ["", final];
    const syllable = String.fromCharCode(last.charCodeAt(0) - FINALS.indexOf(final) + FINALS.indexOf(stays));
    return [apart, typed.slice(0, -1) + syllable + goes];
  };
  const matches = (name, typed) => readings(typed).some((reading) => {
    const [letters, wanted] = [[...name], [...reading]];
    return letters.some((_, start) => start + wanted.length <= letters.length && wanted.every((one, place) => fits(one, letters[start + place])));
  });

  let open = null; // {field, list, options, at, start}
  let isPickDue = false;
  let isEnterSpent = false;

  const homeOf = (field) => field.closest("[data-mentions-url]");
  const isForNotes = (field) => { const form = homeOf(field); return Boolean(form) && (!form.matches("[data-composer]") || form.dataset.mode === "note"); };

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
  const peopleFor = (list, url) => {
    if (!coming.has(list)) coming.set(list, fetchPeople(list, url).catch(() => false).finally(() => coming.delete(list)));
    return coming.get(list);
  };
  const fetchPeople = async (list, url) => {
    const response = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!response.ok || response.redirected) return false;
    list.replaceChildren(document.createRange().createContextualFragment(await response.text()));
    list.dataset.isLoaded = "yes";
    return true;
  };

  const look = (field) => {
    const typed = /(?:^|[^A-Za-z0-9._@-])@([^\s@]{0,20})$/.exec(field.value.slice(0, field.selectionStart));
    if (!typed || !isForNotes(field)) { close(); return; }
    const home = homeOf(field);
    const list = home.querySelector("[data-mention-list]");
    if (!list.dataset.isLoaded) {
      // What is typed while they come counts.
      peopleFor(list, home.dataset.mentionsUrl).then((isThere) => { if (isThere && field.isConnected) look(field); });
      return;
    }
    const word = typed[1].normalize("NFC");
    const options = [...list.querySelectorAll("[role=option]")].filter((option) => {
      option.hidden = !matches(option.dataset.name, word);
      return !option.hidden;
    });
    if (!options.length) { close(); return; }
    open = { field, list, options, at: 0, start: field.selectionStart - typed[1].length };
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark(0);
  };

  const pick = (option) => {
    const { field, start } = open;
    const { name, person } = option.dataset;
    field.setRangeText(`${name} `, start, field.selectionStart, "end");
    const chosen = document.createElement("input");
    Object.assign(chosen, { type: "hidden", name: "mention", value: person });
    homeOf(field).append(chosen);
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  };

  document.addEventListener("input", (event) => { if (event.target.matches("[data-mentions-url] textarea")) look(event.target); });
  document.addEventListener("keydown", (event) => {
    if (isEnterSpent && event.key === "Enter" && !event.isComposing) { event.preventDefault(); event.stopImmediatePropagation(); isEnterSpent = false; return; }
    isEnterSpent = false;
    if (!open || event.target !== open.field) return;
    const key = event.key === "Process" || event.keyCode === 229 ? event.code : event.key;
    if (key === "ArrowDown" || key === "ArrowUp") mark(open.at + (key === "ArrowDown" ? 1 : -1));
    else if (key === "Escape") close();
    else if (key === "Enter" || key === "Tab") {
      event.stopImmediatePropagation();
      // The syllable is still open: it ends first, then the name takes its place.
      if (event.isComposing) { isPickDue = true; return; }
      pick(open.options[open.at]);
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
      pick(open.options[open.at]);
      // On Windows the Enter that ended the syllable comes once more.
      isEnterSpent = true;
    });
  }, true);
  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[data-mention-list] [role=option]");
    if (!open) return;
    if (!option) { if (event.target !== open.field) close(); return; }
    event.preventDefault();
    pick(option);
    document.activeElement?.focus();
  });
  document.addEventListener("composer:put", (event) => {
    event.target.querySelectorAll("input[name=mention]").forEach((chosen) => chosen.remove());
    close();
  });
})();
