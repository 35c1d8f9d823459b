// Rows of the list that are selected: by their box, all between two with Shift, or by the keyboard (inbox-keys.js). While there
// are some, a bar offers what can be done with all of them; its forms take their ids along.
(() => {
  let last = null;

  const list = () => document.querySelector("[data-list]");
  const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];
  const box = (row) => row.querySelector("[data-select]");
  const selected = () => rows().filter((row) => box(row).checked);
  const told = (element, count) => element.dataset.textSelected.replace("{n}", count);

  const show = () => {
    const bar = document.querySelector("[data-many-bar]");
    if (!bar) return;
    const count = selected().length;
    list().toggleAttribute("data-selecting", count > 0);
    if (bar.hidden === count > 0) bar.hidden = count === 0;
    const line = bar.querySelector("[data-many-selected]");
    const text = count ? told(bar, count) : "";
    if (line.textContent !== text) line.textContent = text;
  };

  const choose = (row, { isOn, toLast }) => {
    const all = rows();
    const [from, to] = [all.indexOf(last), all.indexOf(row)].sort((one, other) => one - other);
    const some = toLast && from >= 0 ? all.slice(from, to + 1) : [row];
    some.forEach((one) => { box(one).checked = isOn; });
    last = row;
    show();
  };

  const none = () => {
    const some = selected();
    some.forEach((row) => { box(row).checked = false; });
    last = null;
    show();
    return some.length > 0;
  };

  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-select]")) {
      choose(event.target.closest("[data-row]"), { isOn: event.target.checked, toLast: event.shiftKey });
    } else if (event.target.closest("[data-select-all]")) {
      rows().forEach((row) => { box(row).checked = true; });
      show();
    } else if (event.target.closest("[data-select-none]")) none();
  });

  // x: the row that has the focus, else the open ticket's, else the first.
  document.addEventListener("hub:select", (event) => {
    const row = document.activeElement?.closest?.("[data-row]") || document.querySelector("[data-row]:has(> [aria-current])") || rows()[0];
    if (row) choose(row, { isOn: event.detail.toLast || !box(row).checked, toLast: event.detail.toLast });
  });
  document.addEventListener("hub:select-none", (event) => { if (none()) event.preventDefault(); });

  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.closest("[data-many-form]")) return;
    event.detail.parameters.tickets = selected().map((row) => row.dataset.row).join(",");
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const line = event.detail.target?.querySelector?.("[data-many-count]");
    const bar = document.querySelector("[data-many-bar]");
    if (line && bar) line.textContent = told(bar, selected().length);
  });
  // What was done is done: the rows that stay are no longer meant.
  document.addEventListener("tickets-changed", none);

  // Rows come and go by themselves.
  new MutationObserver(show).observe(document.documentElement, { childList: true, subtree: true });
})();
