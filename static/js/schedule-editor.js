// The hours editor: add and remove spans and days off, copy Monday, choose every public holiday.
// Without this script each list still offers one empty row.
(() => {
  const start = (editor) => {
    editor.querySelectorAll("[data-add-row], [data-remove-row], [data-copy-monday], [data-choose-all]").forEach((button) => { button.hidden = false; });

    // The empty row is for those without scripts.
    editor.querySelectorAll("[data-day] [data-rows]").forEach((rows) => {
      if (rows.children.length > 1) rows.lastElementChild.remove();
    });

    const rowsOf = (element) => element.closest("fieldset").querySelector("[data-rows]");
    const addRow = (rows, values = []) => {
      const row = rows.querySelector("[data-row]:last-child").cloneNode(true);
      row.querySelectorAll("input").forEach((input, position) => { input.value = values[position] || ""; });
      rows.append(row);
      return row;
    };
    const spansOf = (rows) => [...rows.querySelectorAll("[data-row]")]
      .map((row) => [...row.querySelectorAll("input")].map((input) => input.value))
      .filter(([from, to]) => from || to);

    editor.addEventListener("click", (event) => {
      const add = event.target.closest("[data-add-row]");
      if (add) addRow(rowsOf(add)).querySelector("input").focus();

      const remove = event.target.closest("[data-remove-row]");
      if (remove) {
        const rows = rowsOf(remove);
        const row = remove.closest("[data-row]");
        if (rows.children.length > 1) row.remove();
        else row.querySelectorAll("input").forEach((input) => { input.value = ""; });
      }

      if (event.target.closest("[data-copy-monday]")) {
        const monday = spansOf(editor.querySelector("[data-day=mon] [data-rows]"));
        ["tue", "wed", "thu", "fri"].forEach((day) => {
          const rows = editor.querySelector(`[data-day=${day}] [data-rows]`);
          monday.forEach((span) => addRow(rows, span));
          const old = rows.children.length - monday.length;
          [...rows.children].slice(0, monday.length ? old : 0).forEach((row) => row.remove());
        });
      }

      const all = event.target.closest("[data-choose-all]");
      if (all) {
        event.preventDefault();
        all.closest("details").open = true;
        all.closest("details").querySelectorAll("input[type=checkbox]").forEach((box) => { box.checked = true; });
      }
    });

    // "0900" becomes "09:00".
    editor.addEventListener("change", (event) => {
      const digits = /^(\d{1,2}):?(\d{2})$/.exec(event.target.value);
      if (event.target.matches("[data-day] input") && digits) event.target.value = `${digits[1].padStart(2, "0")}:${digits[2]}`;
    });
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-schedule-editor]").forEach(start));
})();
