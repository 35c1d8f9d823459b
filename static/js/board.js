// Keeps the live board current: after a hint the whole board is fetched, at most every few seconds, and each of its parts is put
// anew by its id. Boxes that are ticked stay so, the focus stays where it is, and what is being used is not taken from under the hand.
(() => {
  const REST_MS = 4_000;
  // Midnight, a call that nobody ends: what no hint tells of.
  const AT_LATEST_MS = 60_000;
  const USED_MS = 700;

  const board = () => document.querySelector("[data-board]");
  let fetchedAt = Date.now();
  let timer = 0;
  let number = 0;
  let isPressed = false;

  const isUsed = (part) => isPressed || part.querySelector("details[open]");
  const keptIn = (part) => part.contains(document.activeElement) ? document.activeElement.closest("[data-keep]")?.dataset.keep : "";

  const put = (fresh) => {
    const old = document.getElementById(fresh.id);
    if (!old) return;
    if (isUsed(old)) { const mine = number; setTimeout(() => { if (mine === number) put(fresh); }, USED_MS); return; }
    const ticked = [...old.querySelectorAll("[data-row]:has([data-select]:checked)")].map((row) => row.dataset.row);
    const kept = keptIn(old);
    fresh.querySelectorAll("[data-row]").forEach((row) => { row.querySelector("[data-select]").checked = ticked.includes(row.dataset.row); });
    const scrolled = old.querySelector(".overflow-x-auto")?.scrollLeft ?? 0;
    old.replaceWith(fresh);
    htmx.process(fresh);
    if (scrolled) fresh.querySelector(".overflow-x-auto").scrollLeft = scrolled;
    if (kept) fresh.querySelector(`[data-keep="${CSS.escape(kept)}"]`)?.focus({ preventScroll: true });
  };

  const tellFailed = (hasFailed) => {
    const bar = board().querySelector("[data-board-error]");
    bar.hidden = !hasFailed;
    bar.querySelector("[data-board-error-text]").textContent = bar.dataset.text.replace("{time}", board().querySelector("[data-at]").dataset.at);
  };

  const refresh = async () => {
    clearTimeout(timer);
    timer = 0;
    number += 1;
    const mine = number;
    fetchedAt = Date.now();
    let html = "";
    try {
      const response = await fetch(location.pathname + location.search, { headers: { "HX-Request": "true" } });
      if (response.ok && !response.redirected) html = await response.text();
    } catch {
      // Told below: what stands there is old.
    }
    if (mine !== number) return;
    delete board().dataset.busy;
    if (!html) { tellFailed(true); want(); return; }
    const fresh = document.createRange().createContextualFragment(html);
    board().querySelector("[data-at]").dataset.at = fresh.querySelector("[data-at]").dataset.at;
    tellFailed(false);
    fresh.querySelectorAll("[data-part]").forEach(put);
    document.dispatchEvent(new CustomEvent("htmx:afterSwap", { detail: {} }));
    want(AT_LATEST_MS);
  };

  let dueAt = 0;
  const want = (rest = REST_MS) => {
    const due = Math.max(Date.now(), fetchedAt + rest);
    if (document.visibilityState === "hidden" || (timer && dueAt <= due)) return;
    clearTimeout(timer);
    dueAt = due;
    timer = setTimeout(refresh, due - Date.now());
  };

  const go = (url) => {
    history.replaceState(history.state, "", url);
    board().dataset.busy = "";
    refresh();
  };

  const addressOf = (form) => {
    const said = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    return `${form.getAttribute("action")}${said.size ? `?${said}` : ""}`;
  };

  document.addEventListener("change", (event) => { if (event.target.matches("[data-board-filter]")) go(addressOf(event.target.form)); });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-board-form]")) return;
    event.preventDefault();
    go(addressOf(event.target));
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-board-again]")) { refresh(); return; }
    const link = event.target.closest("[data-board-link]");
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      const form = board().querySelector("[data-board-form]");
      const said = new URL(link.href).searchParams;
      ["center", "channel"].forEach((name) => { if (form.elements[name]) form.elements[name].value = said.get(name) ?? ""; });
      go(addressOf(form));
    }
    const one = event.target.closest("[data-reroute]");
    if (one) {
      // This one alone, by the same way as several.
      board().querySelector("[data-select-none]").click();
      one.closest("[data-row]").querySelector("[data-select]").click();
      board().querySelector("[data-reroute-to]").click();
    }
  });

  // What was chosen in a menu is done: the menu closes, and its part may be put anew.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const menu = event.target.closest?.("[data-closes-menu]")?.closest("details");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  document.addEventListener("pointerdown", (event) => { isPressed = Boolean(event.target.closest?.("[data-part]")); }, true);
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, () => { isPressed = false; }, true));
  document.addEventListener("live", (event) => { if (event.target.matches("[data-board]")) want(); }, true);
  ["tickets-changed", "board-changed"].forEach((name) => document.addEventListener(name, () => refresh()));
  document.addEventListener("visibilitychange", () => want());
  document.addEventListener("DOMContentLoaded", () => want(AT_LATEST_MS));
})();
