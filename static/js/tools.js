// “/” in the composer finds saved replies and macros: by title, shortcut, text or initials. A reply takes the place of what
// was typed, filled in for this customer; what was not known is said below the field. A macro tells first what it will do.
(() => {
  const homeOf = (field) => field.closest("[data-tools-url]");
  const tell = (form, text) => { form.querySelector("[data-filled]").textContent = text; };

  // Put together without spaces: they come and go in Korean, and here they would end the word.
  const joined = (text) => text.normalize("NFC").replaceAll(/\s+/g, "");
  const rank = ({ dataset: { shortcut, title, searched } }, word) => {
    if (!word || shortcut === word.toLowerCase()) return 0;
    if (shortcut.startsWith(word.toLowerCase())) return 1;
    if (hangul.isPartOf(word, joined(title))) return 2;
    if (hangul.isPartOf(word, shortcut)) return 3;
    return joined(searched).toLowerCase().includes(word.toLowerCase()) ? 4 : -1;
  };

  const insert = (field, text, from, to) => {
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  const useReply = async (option, field, start) => {
    const form = homeOf(field);
    const place = field.selectionStart;
    const typed = field.value.slice(start, place);
    const headers = { "HX-Request": "true", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    const response = await fetch(option.dataset.replyUrl, { method: "POST", headers }).catch(() => null);
    if (!response?.ok || response.redirected) { tell(form, form.querySelector("[data-filled]").dataset.failedToFill); return; }
    const { text, told } = await response.json();
    // Typed on meanwhile: where the slash stood is still the place, if it still stands there.
    const isThere = field.value.slice(start, place) === typed;
    insert(field, text, isThere ? start : field.selectionStart, isThere ? place : field.selectionStart);
    tell(form, told);
  };

  const openMacro = (url, pane) => htmx.ajax("GET", `${url}?seen=${pane.dataset.seenSeq}`, { target: "#dialog-root" });

  const offered = completion({
    selector: "[data-tools-url] textarea[data-text]",
    listSelector: "[data-tool-list]",
    typed: (field) => {
      const found = /(?:^|\s)\/([^\s/]{0,30})$/.exec(field.value.slice(0, field.selectionStart));
      return found ? { word: found[1], start: field.selectionStart - found[1].length - 1 } : null;
    },
    listOf: (field) => homeOf(field).querySelector("[data-tool-list]"),
    urlOf: (field) => homeOf(field).dataset.toolsUrl,
    // `place`: as the hub has sorted them, for what fits equally well.
    choose: (options, word) => options.map((option, at) => ({ option, place: Number(option.dataset.place ??= at), rank: rank(option, word) }))
      .filter((one) => one.rank >= 0)
      .sort((one, other) => one.rank - other.rank || one.place - other.place)
      .map(({ option }) => { option.parentElement.append(option); return option; }),
    pick: (option, { field, start }) => {
      if (option.dataset.replyUrl) { useReply(option, field, start); return; }
      insert(field, "", start, field.selectionStart);
      openMacro(option.dataset.macroUrl, field.closest("[data-conversation]"));
    },
  });

  document.addEventListener("palette:open", async (event) => {
    const field = document.querySelector("[data-tools-url] textarea[data-text]");
    if (!field || !await offered.load(field)) return;
    const { textMacro } = homeOf(field).dataset;
    event.detail.add([...homeOf(field).querySelectorAll("[data-macro-url]")].map(({ dataset: { title, macroUrl } }) => ({
      label: `${textMacro}: ${title}`,
      go: () => openMacro(macroUrl, field.closest("[data-conversation]")),
    })));
  });
  // Whoever runs a macro has read up to here: a second answer is refused as for any other.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches("[data-macro]")) event.detail.parameters.seen = event.target.closest("[data-conversation]").dataset.seenSeq;
  });
  // What a macro leaves to be looked over and sent.
  document.addEventListener("composer-insert", (event) => {
    const form = document.querySelector("[data-composer]");
    if (!form) return;
    if (form.dataset.mode === "note") form.querySelector("[data-mode-button=reply]")?.click();
    const field = form.querySelector("[data-text]");
    const before = field.value && !field.value.endsWith("\n") ? "\n" : "";
    insert(field, before + event.detail.text, field.value.length, field.value.length);
  });
  document.addEventListener("composer:put", (event) => { if (event.target.matches("[data-tools-url]")) tell(event.target, ""); });
})();
