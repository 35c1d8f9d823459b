// Keeps the inbox's list current without redrawing it: rows that stay are kept, changed ones filled anew, others moved.
// A row under the finger does not run away: while the pointer works in the list, moving waits a little.
(() => {
  // Hints of a busy desk come many a second. A list of fifty rows is dear to make, and one that moves seldom is easier to read.
  const AT_MOST_EVERY_MS = 3000;
  // The open conversation goes first: its message must not wait behind a list.
  const AFTER_MESSAGE_MS = 250;
  const POINTER_RESTS_MS = 700;
  const LONGEST_WAIT_MS = 4000;
  const SEARCH_PAUSE_MS = 300;

  let lastAt = 0;
  let timer = 0;
  let running = null;
  let pointerAt = 0;
  let isPressed = false;
  let wantedSince = 0;

  const list = () => document.querySelector("[data-list]");
  const currentTicket = () => document.querySelector("[data-ticket-panes]")?.dataset.ticketPanes;

  const mark = () => {
    const current = currentTicket();
    document.querySelectorAll("[data-row]").forEach((row) => {
      const link = row.querySelector("a");
      if (row.dataset.row === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    const desk = document.querySelector("[data-desk]");
    if (desk && current) desk.dataset.ticket = current;
  };

  const without = (row) => row.innerHTML.replaceAll(/ aria-current="true"| class="htmx-[^"]*"/g, "");

  const fill = (row, fresh) => {
    if (row.dataset.was === fresh.dataset.was) return;
    row.dataset.was = fresh.dataset.was;
    // The link itself stays, so that a press that began on it ends on it.
    const [link, freshLink] = [row.querySelector("a"), fresh.querySelector("a")];
    for (const name of ["href", "hx-get"]) link.setAttribute(name, freshLink.getAttribute(name));
    link.innerHTML = freshLink.innerHTML;
  };

  const remember = (root) => root.querySelectorAll("[data-row]").forEach((row) => { row.dataset.was ??= without(row); });

  const mergeRows = (rows, freshRows) => {
    const coming = new Set([...freshRows.children].map((row) => row.id));
    [...rows.children].filter((row) => !row.id || !coming.has(row.id)).forEach((row) => row.remove());
    const known = new Map([...rows.children].map((row) => [row.id, row]));
    let place = rows.firstElementChild;
    for (const fresh of [...freshRows.children]) {
      const row = known.get(fresh.id);
      if (row) {
        known.delete(fresh.id);
        fill(row, fresh);
        if (row === place) place = place.nextElementSibling;
        else rows.insertBefore(row, place);
      } else {
        rows.insertBefore(fresh, place);
        htmx.process(fresh);
      }
    }
  };

  const take = (html) => {
    const fresh = document.createRange().createContextualFragment(html).querySelector("[data-list]");
    const mine = list();
    if (!fresh || !mine) return;
    remember(fresh);
    mine.querySelector("[data-list-tabs]").innerHTML = fresh.querySelector("[data-list-tabs]").innerHTML;
    const [rows, freshRows] = [mine.querySelector("[data-rows]"), fresh.querySelector("[data-rows]")];
    mergeRows(rows, freshRows);
    mark();
  };

  const countRows = (mine) => mine.querySelectorAll("[data-row]").length;
  const isLoadingMore = (mine) => Boolean(mine.querySelector("[data-load-more] .htmx-request"));

  const refresh = async () => {
    const mine = list();
    if (!mine || running) return;
    lastAt = Date.now();
    wantedSince = 0;
    const loaded = countRows(mine);
    const url = new URL(mine.dataset.refreshUrl, location.origin);
    url.searchParams.set("size", loaded);
    running = fetch(url, { headers: { "HX-Request": "true", Priority: "u=6" } });
    try {
      const response = await running;
      const html = response.ok && !response.redirected ? await response.text() : "";
      // Somebody may have changed the view meanwhile: then this answer is of no use. Or asked for more rows: then
      // it tells of too few.
      if (isLoadingMore(mine) || countRows(mine) > loaded) want();
      else if (html && list() === mine) take(html);
    } catch {
      // The socket's bar says that the hub is away; the list is fetched when it is back.
    } finally {
      running = null;
    }
    if (wantedSince) want();
  };

  const want = () => {
    wantedSince ||= Date.now();
    // The one that is set comes as it was set: hints that come faster than it would otherwise put it off for ever.
    if (timer) return;
    const isBusy = isPressed || Date.now() - pointerAt < POINTER_RESTS_MS;
    const untilRest = isBusy && Date.now() - wantedSince < LONGEST_WAIT_MS ? POINTER_RESTS_MS : 0;
    timer = setTimeout(() => {
      timer = 0;
      if (isPressed || (Date.now() - pointerAt < POINTER_RESTS_MS && Date.now() - wantedSince < LONGEST_WAIT_MS)) want();
      else refresh();
    }, Math.max(untilRest, lastAt + AT_MOST_EVERY_MS - Date.now(), AFTER_MESSAGE_MS));
  };

  const isInRows = (event) => event.target instanceof Element && event.target.closest("[data-rows]");
  document.addEventListener("pointerdown", (event) => { isPressed = Boolean(isInRows(event)); }, true);
  document.addEventListener("pointerup", () => { isPressed = false; }, true);
  document.addEventListener("pointercancel", () => { isPressed = false; }, true);
  document.addEventListener("pointermove", (event) => { if (isInRows(event)) pointerAt = Date.now(); }, { capture: true, passive: true });

  // Views, filters and search change the list and leave the conversation where it is.
  const show = async (url, { isPushed = true } = {}) => {
    const target = new URL(url, location.origin);
    const pane = document.querySelector("[data-list-pane], [data-list-later]");
    if (!pane) { location.assign(url); return; }
    const rows = new URL("/inbox/rows/", location.origin);
    rows.search = target.search;
    let response;
    try {
      response = await fetch(rows, { headers: { "HX-Request": "true" } });
    } catch {
      location.assign(url);
      return;
    }
    if (!response.ok || response.redirected) { location.assign(url); return; }
    const typed = document.activeElement?.matches?.("[data-list-search]") ? document.activeElement : null;
    const fresh = document.createRange().createContextualFragment(await response.text());
    const search = fresh.querySelector("[data-list-search]");
    if (typed) search.value = typed.value;
    const place = typed?.selectionStart;
    pane.replaceChildren(fresh);
    htmx.process(pane);
    remember(pane);
    if (typed) { search.focus(); search.setSelectionRange(place, place); }
    const ticket = currentTicket();
    if (isPushed) history.replaceState(history.state, "", ticket ? `/inbox/${ticket}/${target.search}` : target.pathname + target.search);
    mark();
    document.dispatchEvent(new CustomEvent("htmx:afterSettle"));
  };

  const addressOf = (form) => {
    const said = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    return `${form.getAttribute("action")}${said.size ? `?${said}` : ""}`;
  };

  let searchTimer = 0;
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-list-search]") || event.isComposing) return;
    clearTimeout(searchTimer);
    const form = event.target.form;
    searchTimer = setTimeout(() => show(addressOf(form)), SEARCH_PAUSE_MS);
  });
  document.addEventListener("compositionend", (event) => {
    if (!event.target.matches("[data-list-search]")) return;
    clearTimeout(searchTimer);
    const form = event.target.form;
    searchTimer = setTimeout(() => show(addressOf(form)), SEARCH_PAUSE_MS);
  });
  document.addEventListener("change", (event) => { if (event.target.matches("[data-list-filter]")) show(addressOf(event.target.form)); });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-list-form]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    clearTimeout(searchTimer);
    show(addressOf(event.target));
  }, true);
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-list-tabs] a, [data-rows] > div > a.btn:not([hx-get])");
    if (!tab || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show(tab.href);
  });

  // What moved up between two pages comes twice: the later one is the newer.
  document.addEventListener("htmx:afterSwap", () => {
    document.querySelectorAll("[data-list]").forEach((mine) => {
      const seen = new Map();
      mine.querySelectorAll("[data-row]").forEach((row) => {
        seen.get(row.id)?.remove();
        seen.set(row.id, row);
      });
      remember(mine);
    });
    mark();
  });

  // On a wide screen the list comes by itself beside a ticket that was opened by its address.
  const fetchLater = () => {
    const later = document.querySelector("[data-list-later]");
    if (later && !later.firstElementChild && matchMedia("(min-width: 80rem)").matches) {
      show(`/inbox/${new URL(later.dataset.listLater, location.origin).search}`, { isPushed: false });
    }
  };

  // "live" is for the element alone and does not rise; it can still be caught on its way down.
  document.addEventListener("live", (event) => { if (event.target.matches("[data-list]")) want(); }, true);
  document.addEventListener("DOMContentLoaded", () => { remember(document); mark(); fetchLater(); });
  matchMedia("(min-width: 80rem)").addEventListener("change", fetchLater);
  document.addEventListener("htmx:historyRestore", () => { remember(document); mark(); fetchLater(); });
})();
