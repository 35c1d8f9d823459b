// Ctrl-K or Cmd-K: whatever this page can do (its [data-command] and the ways to other pages), any view, any customer. Customers
// come from the one look-up there is, which writes down who looked. Initials (ㅎㄷ) find commands as they find people.
(() => {
  const PAUSE_MS = 200;
  const LEAST_LETTERS = 2;
  const INITIALS = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];

  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const box = dialog.querySelector("[data-palette-box]");
  const part = (name) => dialog.querySelector(`[data-palette-part=${name}]`);
  let choices = { commands: [], views: [] };
  let timer = 0;
  let asked = null;
  let number = 0;

  const plain = (text) => text.normalize("NFC").toLowerCase().replaceAll(/\s+/g, "");
  const initialsOf = (text) => [...text].map((letter) => {
    const place = letter.charCodeAt(0) - 0xac00;
    return place >= 0 && place < 11172 ? INITIALS[Math.floor(place / 588)] : letter;
  }).join("");
  const fits = (label, typed) => plain(label).includes(typed) || initialsOf(plain(label)).includes(typed);

  const isUsable = (element) => !element.disabled && !element.closest("[hidden], template, dialog");
  const press = (element) => {
    if (element.matches("details")) { element.open = true; element.querySelector("summary").focus(); } else element.click();
  };
  const gather = () => {
    const acts = [...document.querySelectorAll("[data-command]")].filter(isUsable)
      .map((element) => ({ label: element.dataset.command, go: () => press(element) }));
    const ways = [...document.querySelectorAll("body > nav a[href]")].filter(isUsable)
      .map((element) => ({ label: element.textContent.trim() || element.title, go: () => element.click() }));
    const seen = new Set();
    const once = (choice) => choice.label && !seen.has(choice.label) && seen.add(choice.label);
    const views = [...document.getElementById("palette-views").content.querySelectorAll("a")]
      .map((link) => ({ label: link.textContent, href: link.getAttribute("href") }));
    const saved = [...document.querySelectorAll("[data-list-tabs] a[href*='?'] .truncate")].map((label) => label.closest("a"))
      .filter((link) => !("noList" in link.dataset) && !views.some((view) => view.href === link.getAttribute("href")))
      .map((link) => ({ label: link.querySelector(".truncate").textContent, href: link.getAttribute("href") }));
    const open = (view) => {
      const here = [...document.querySelectorAll("[data-list-tabs] a")].find((link) => link.getAttribute("href") === view.href);
      if (here) here.click(); else location.assign(view.href);
    };
    choices = {
      commands: [...acts, ...ways].filter(once),
      views: [...views, ...saved].map((view) => ({ label: view.label, go: () => open(view) })),
    };
  };

  const option = (content, go) => {
    const item = document.createElement("div");
    number += 1;
    item.id = `palette-${number}`;
    item.setAttribute("role", "option");
    item.className = "cursor-pointer px-4 py-2 text-sm aria-selected:bg-primary/10 hover:bg-base-200";
    item.append(content);
    item.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); dialog.close(); go(); });
    return item;
  };
  const options = () => [...dialog.querySelectorAll("[role=option]")];
  const current = () => dialog.querySelector("[role=option][aria-selected=true]");
  const select = (item) => {
    current()?.setAttribute("aria-selected", "false");
    item?.setAttribute("aria-selected", "true");
    item?.scrollIntoView({ block: "nearest" });
    if (item) box.setAttribute("aria-activedescendant", item.id); else box.removeAttribute("aria-activedescendant");
  };
  const settle = () => {
    for (const name of ["commands", "views", "customers"]) {
      dialog.querySelector(`[data-palette-title=${name}]`).hidden = !part(name).childElementCount;
    }
    dialog.querySelector("[data-palette-nothing]").hidden = options().length > 0 || Boolean(asked);
    if (!current()) select(options()[0]);
  };

  // Customers of other words than those that stand there now are nobody's answer.
  const draw = () => {
    part("customers").replaceChildren();
    select(null);
    const typed = plain(box.value);
    for (const name of ["commands", "views"]) {
      part(name).replaceChildren(...choices[name].filter(({ label }) => fits(label, typed)).map(({ label, go }) => option(label, go)));
    }
    settle();
  };

  const lookUp = async () => {
    const typed = box.value.trim();
    asked?.abort();
    asked = null;
    if (typed.length < LEAST_LETTERS) { part("customers").replaceChildren(); settle(); return; }
    const mine = new AbortController();
    asked = mine;
    const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers")) };
    const body = new URLSearchParams({ q: typed, place: "customers" });
    try {
      const response = await fetch(dialog.dataset.searchUrl, { method: "POST", headers, body, signal: mine.signal });
      const html = response.ok && !response.redirected ? await response.text() : "";
      const found = document.createRange().createContextualFragment(html).querySelectorAll("[data-result]");
      if (asked !== mine) return;
      part("customers").replaceChildren(...[...found].map((link) => {
        link.tabIndex = -1;
        const line = document.createElement("div");
        line.className = "pointer-events-none -mx-4 -my-2";
        line.append(link);
        return option(line, () => location.assign(link.getAttribute("href")));
      }));
    } catch {
      // A newer question is on its way, or the hub is away, which the page itself says.
    }
    if (asked !== mine) return;
    asked = null;
    settle();
  };

  const open = () => {
    if (dialog.open || document.querySelector("dialog[open]")) return;
    const before = document.activeElement;
    gather();
    // What the page knows and has not fetched yet comes as soon as it is there.
    const add = (more) => { choices.commands.push(...more); if (dialog.open) draw(); };
    document.dispatchEvent(new CustomEvent("palette:open", { detail: { add } }));
    box.value = "";
    dialog.showModal();
    draw();
    box.focus();
    dialog.addEventListener("close", () => {
      clearTimeout(timer);
      asked?.abort();
      asked = null;
      // A field that is no longer shown keeps the focus for a moment, and would swallow the next key.
      box.blur();
      if (before?.isConnected && before !== document.body) before.focus();
    }, { once: true });
  };

  document.addEventListener("keydown", (event) => {
    if (event.code !== "KeyK" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (dialog.open) dialog.close(); else open();
  });
  box.addEventListener("input", () => {
    draw();
    clearTimeout(timer);
    timer = setTimeout(lookUp, PAUSE_MS);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const at = all.indexOf(current());
    if (event.key === "ArrowDown") select(all[Math.min(at + 1, all.length - 1)]);
    else if (event.key === "ArrowUp") select(all[Math.max(at - 1, 0)]);
    else if (event.key === "Enter") current()?.click();
    else return;
    event.preventDefault();
  });
})();
