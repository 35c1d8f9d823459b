// A call that rings shows its card on whatever page the agent is; one that she answers opens by itself, unless she is
// in the middle of writing or of a dialog. Hints carry ids only: the card is fetched. Who goes to another page while it rings sees the
// card there again.
(() => {
  const place = () => document.querySelector("[data-caller]");
  const told = new Map();
  const dismissed = new Set();
  const RINGING = "cxhub:ringing";
  const ringing = new Set(JSON.parse(sessionStorage.getItem(RINGING) ?? "[]"));
  const remember = (ticket, rings) => {
    if (rings) ringing.add(ticket);
    else ringing.delete(ticket);
    sessionStorage.setItem(RINGING, JSON.stringify([...ringing]));
  };

  const cardOf = (ticket) => document.querySelector(`[data-caller-card="${ticket}"]`);
  const isBusy = () => Boolean(document.querySelector("dialog[open]")) || [...document.querySelectorAll("textarea, [data-text]")].some((field) => field.value.trim());

  // Once for each call: who leaves its page to look something up is not brought back by the next hint.
  const open = (card) => {
    const mark = `cxhub:call:${card.dataset.callerCard}`;
    if (isBusy() || sessionStorage.getItem(mark)) return;
    sessionStorage.setItem(mark, "opened");
    // The list beside it stays the one that she works through.
    location.assign(`${card.dataset.openUrl}${location.pathname.startsWith("/inbox/") ? location.search : ""}`);
  };

  // Asked twice at once (as the page loads, and when it begins to listen), the later answer is shown alone.
  const asked = new Map();
  const show = async (ticket, state) => {
    const number = (asked.get(ticket) ?? 0) + 1;
    asked.set(ticket, number);
    const isOvertaken = () => asked.get(ticket) !== number || told.get(ticket) !== state;
    const response = await fetch(place().dataset.caller.replace("00000000-0000-0000-0000-000000000000", ticket), { headers: { "HX-Request": "true" } }).catch(() => null);
    const text = await response?.text().catch(() => "");
    if (isOvertaken()) return;
    cardOf(ticket)?.remove();
    if (response && response.status !== 200) remember(ticket, false);
    if (!text || response.status !== 200 || response.redirected) return;
    const answered = response.headers.get("X-Answered-By-Me");
    if (dismissed.has(ticket) && !answered) return;
    const fragment = document.createRange().createContextualFragment(text);
    // Its own page shows it already.
    if (location.pathname === new URL(fragment.firstElementChild.dataset.openUrl, location.origin).pathname) return;
    place().append(fragment);
    if (answered === "just") open(cardOf(ticket));
  };

  document.addEventListener("hub:hint", (event) => {
    const { ticket, call_state: state } = event.detail.what;
    if (!place() || !ticket || event.detail.group !== "calls") return;
    if (!state || told.get(ticket) === state) return;
    told.set(ticket, state);
    remember(ticket, ["queued", "ringing"].includes(state) && !dismissed.has(ticket));
    // Whether it concerns her, and how it stands, is known there alone.
    if (["queued", "ringing", "talking", "held"].includes(state)) show(ticket, state);
    else cardOf(ticket)?.remove();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-caller-dismiss]")) return;
    const card = event.target.closest("[data-caller-card]");
    dismissed.add(card.dataset.callerCard);
    remember(card.dataset.callerCard, false);
    card.remove();
  });

  const askAgain = () => {
    for (const ticket of new Set([...ringing, ...[...document.querySelectorAll("[data-caller-card]")].map((card) => card.dataset.callerCard)])) {
      if (!told.has(ticket)) told.set(ticket, "");
      show(ticket, told.get(ticket));
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    if (!place()) return;
    askAgain();
    // What happened before the page listened, or while the line was cut, is in no hint.
    place().addEventListener("live", (event) => { if (event.detail.some((what) => what.kind === "subscribed")) askAgain(); });
  });
})();
