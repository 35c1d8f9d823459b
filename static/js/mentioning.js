// Completes @names in a note: by part of the name or by its initials, also in the middle of a syllable.
(() => {
  const homeOf = (field) => field.closest("[data-mentions-url]");
  const isForNotes = (field) => { const form = homeOf(field); return !form.matches("[data-composer]") || form.dataset.mode === "note"; };

  completion({
    selector: "[data-mentions-url] textarea",
    listSelector: "[data-mention-list]",
    typed: (field) => {
      const found = isForNotes(field) && /(?:^|[^A-Za-z0-9._@-])@([^\s@]{0,20})$/.exec(field.value.slice(0, field.selectionStart));
      return found ? { word: found[1], start: field.selectionStart - found[1].length } : null;
    },
    listOf: (field) => homeOf(field).querySelector("[data-mention-list]"),
    urlOf: (field) => homeOf(field).dataset.mentionsUrl,
    choose: (options, word) => options.filter((option) => hangul.isPartOf(word, option.dataset.name)),
    pick: (option, { field, start }) => {
      const { name, person } = option.dataset;
      field.setRangeText(`${name} `, start, field.selectionStart, "end");
      const chosen = document.createElement("input");
      Object.assign(chosen, { type: "hidden", name: "mention", value: person });
      homeOf(field).append(chosen);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });

  document.addEventListener("composer:put", (event) => {
    event.target.querySelectorAll("input[name=mention]").forEach((chosen) => chosen.remove());
  });
})();
