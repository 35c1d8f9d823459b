// Keeps the inbox's list current without redrawing it: rows that stay are kept, changed ones filled anew, others moved.
// Of a few tickets only their own rows are fetched. A row under the finger does not run away: while the pointer works in the list, moving waits a little.
(() => {
  // Hints of a busy desk come many a second. A list of fifty rows is dear to make, and one that moves seldom is easier to read.
  const AT_MOST_EVERY_MS = 3000;
  // The open conversation goes first: its message must not wait behind a list.
  const AFTER_MESSAGE_MS = 250;
  // Beyond so many rows the whole list costs the hub less.
  const ROWS_AT_ONCE = 20;
  // What no hint tells: another name of a customer, a day that has passed.
  const WHOLE_EVERY_MS = 30_000;
  // Fewer rows than a screen has, and more to come: filled up.
  const FEW_ROWS = 15;
  const POINTER_RESTS_MS = 700;
  const LONGEST_WAIT_MS = 4000;
  const SEARCH_PAUSE_MS = 300;

  let lastAt = 0;
  let timer = 0;
  let running = null;
  let pointerAt = 0;
  let isPressed = false;
  let wantedSince = 0;
  let wholeAt = Date.now();
  let isWholeDue = false;
  // Tickets whose rows are due; and of each that was told of, in which lists and at which place it stood.
  const changed = new Set();
  // What was told while rows were on their way, of tickets that are not shown and stand where they stood: it matters of
  // those that these rows bring, for they may bring them as they were before.
  const perhaps = new Set();
  const standings = new Map();
  let views = 0;

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
    row.dataset.order = fresh.dataset.order;
    if (row.dataset.was === fresh.dataset.was) return;
    row.dataset.was = fresh.dataset.was;
    // The link itself stays, so that a press that began on it ends on it.
    const [link, freshLink] = [row.querySelector("a"), fresh.querySelector("a")];
    for (const name of ["href", "hx-get"]) link.setAttribute(name, freshLink.getAttribute(name));
    link.innerHTML = freshLink.innerHTML;
  };

  const remember = (root) => root.querySelectorAll("[data-row]").forEach((row) => { row.dataset.was ??= without(row); });

  // The row that is there already, filled anew, or the fresh one.
  const rowFor = (fresh, known) => {
    const row = known.get(fresh.id);
    if (!row) return fresh;
    known.delete(fresh.id);
    fill(row, fresh);
    return row;
  };

  const arrange = (rows, wanted) => {
    let place = rows.firstElementChild;
    for (const row of wanted) {
      const isFresh = !rows.contains(row);
      if (row === place) place = place.nextElementSibling;
      else rows.insertBefore(row, place);
      if (isFresh) htmx.process(row);
    }
  };

  const mergeRows = (rows, freshRows) => {
    const coming = new Set([...freshRows.children].map((row) => row.id));
    [...rows.children].filter((row) => !row.id || !coming.has(row.id)).forEach((row) => row.remove());
    const known = new Map([...rows.children].map((row) => [row.id, row]));
    arrange(rows, [...freshRows.children].map((fresh) => rowFor(fresh, known)));
  };

  // Of the tickets that were asked for: those that came stand in the list, the others no longer. What sorts beyond the
  // last loaded row comes with the rows that follow.
  const mergeSome = (rows, freshRows, asked) => {
    const end = [...rows.querySelectorAll("[data-rows-end]")].at(-1)?.dataset.rowsEnd;
    const isHere = (row) => !end || row.dataset.order <= end;
    const known = new Map([...rows.querySelectorAll("[data-row]")].map((row) => [row.id, row]));
    const coming = [...freshRows.children].map((fresh) => rowFor(fresh, known)).filter(isHere);
    const staying = [...known.values()].filter((row) => !asked.includes(row.dataset.row));
    const wanted = [...staying, ...coming].sort((one, other) => (one.dataset.order < other.dataset.order ? -1 : 1));
    rows.querySelectorAll("[data-row]").forEach((row) => { if (!wanted.includes(row)) row.remove(); });
    arrange(rows, wanted);
    return { hasFew: wanted.length === 0 || (Boolean(end) && wanted.length < FEW_ROWS) };
  };

  const take = (mine, html, asked) => {
    const fresh = document.createRange().createContextualFragment(html);
    const [rows, freshRows] = [mine.querySelector("[data-rows]"), fresh.querySelector("[data-rows]")];
    if (!freshRows) { isWholeDue = true; return; }
    remember(fresh);
    const tabs = mine.querySelector("[data-list-tabs]");
    tabs.innerHTML = fresh.querySelector("[data-list-tabs]").innerHTML;
    htmx.process(tabs);
    if (!asked) mergeRows(rows, freshRows);
    else if (mergeSome(rows, freshRows, asked).hasFew) wantWhole();
    mark();
  };

  const rowOf = (ticket) => `[data-row="${ticket}"]`;
  const countRows = (mine) => mine.querySelectorAll("[data-row]").length;
  const isLoadingMore = (mine) => Boolean(mine.querySelector("[data-load-more] .htmx-request"));

  const refresh = async () => {
    const mine = list();
    if (!mine || running) return;
    lastAt = Date.now();
    wantedSince = 0;
    const loaded = countRows(mine);
    const isFew = changed.size > 0 && changed.size <= ROWS_AT_ONCE;
    const isWhole = isWholeDue || !loaded || !isFew || lastAt - wholeAt > WHOLE_EVERY_MS;
    const asked = isWhole ? null : [...changed];
    changed.clear();
    isWholeDue = false;
    if (isWhole) wholeAt = lastAt;
    const url = new URL(mine.dataset.refreshUrl, location.origin);
    url.searchParams.set(...(asked ? ["only", asked.join(",")] : ["size", loaded]));
    running = fetch(url, { headers: { "HX-Request": "true", Priority: "u=6" } });
    try {
      const response = await running;
      const html = response.ok && !response.redirected ? await response.text() : "";
      // Somebody may have changed the view meanwhile: then this answer is of no use. Or asked for more rows: then
      // it tells of too few.
      if (isLoadingMore(mine) || countRows(mine) > loaded) wantWhole();
      else if (html && list() === mine) take(mine, html, asked);
      else isWholeDue = true;
    } catch {
      // The socket's bar says that the hub is away; the list is fetched when it is back.
      isWholeDue = true;
    } finally {
      running = null;
    }
    const missed = [...perhaps].filter((ticket) => mine.querySelector(rowOf(ticket)));
    perhaps.clear();
    missed.forEach((ticket) => changed.add(ticket));
    if (wantedSince || missed.length) want();
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

  const wantWhole = () => { isWholeDue = true; want(); };

  // Whether a hint may change this list. A ticket that is not shown and stands where it stood is still not shown: what is
  // said in it moves it only where the newest comes first. While other rows are on their way, nobody knows what they tell.
  const concerns = ({ ticket, standing }) => {
    if (!ticket || !standing) { isWholeDue = true; standings.clear(); return true; }
    const isAsBefore = standings.get(ticket) === standing;
    standings.set(ticket, standing);
    const mine = list();
    const isComing = views || isLoadingMore(mine);
    if (isAsBefore && !isComing && !("newestFirst" in mine.dataset) && !mine.querySelector(rowOf(ticket))) {
      if (running) perhaps.add(ticket);
      return Date.now() - wholeAt > WHOLE_EVERY_MS;
    }
    changed.add(ticket);
    return true;
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
    let html = "";
    views += 1;
    try {
      const response = await fetch(rows, { headers: { "HX-Request": "true" } });
      if (response.ok && !response.redirected) html = await response.text();
    } catch {
      // The page itself says that the hub is away.
    }
    views -= 1;
    if (!html) { location.assign(url); return; }
    const typed = document.activeElement?.matches?.("[data-list-search]") ? document.activeElement : null;
    const fresh = document.createRange().createContextualFragment(html);
    const search = fresh.querySelector("[data-list-search]");
    if (typed) search.value = typed.value;
    const place = typed?.selectionStart;
    pane.replaceChildren(fresh);
    standings.clear();
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
    const tab = event.target.closest("[data-list-tabs] a:not([data-no-list]), [data-rows] > div > a.btn:not([hx-get])");
    if (!tab || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show(tab.href);
  });

  // Something was done with many at once, or the views are others now.
  document.addEventListener("tickets-changed", wantWhole);

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

  // What concerns this person alone: a draft of hers, a note that calls her. The views' numbers come with the rows.
  document.addEventListener("hub:hint", (event) => {
    const { group, what } = event.detail;
    if (group !== "person" || !["draft", "mention", "notice"].includes(what.kind) || !what.ticket || !list()) return;
    if (what.kind !== "draft" || list().querySelector(rowOf(what.ticket))) { changed.add(what.ticket); want(); }
  });
  // "live" is for the element alone and does not rise; it can still be caught on its way down.
  document.addEventListener("live", (event) => { if (event.target.matches("[data-list]") && event.detail.filter(concerns).length) want(); }, true);
  document.addEventListener("DOMContentLoaded", () => { remember(document); mark(); fetchLater(); });
  matchMedia("(min-width: 80rem)").addEventListener("change", fetchLater);
  document.addEventListener("htmx:historyRestore", () => { remember(document); mark(); fetchLater(); wantWhole(); });
})();
