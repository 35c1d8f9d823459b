// Keeps an open conversation current. What is new is asked for by sequence number and put in its place by the order of
// events, each line once. The head and the history follow when they changed. Tabs of narrow screens live here too.
(() => {
  const NEAR_END_PX = 120;
  // The history is dear to make and less urgent than a message.
  // Measured with fifty pages, a message each two seconds: fetched as often, histories took the hub's whole time.
  const HISTORY_EVERY_MS = 10_000;
  // What is only said in this very conversation stands in the conversation.
  const HISTORY_OF_TALK_MS = 60_000;
  // After what the agent did here herself, or a lost connection.
  const HISTORY_ASKED_MS = 2000;
  const AFTER_MESSAGE_MS = 600;
  // Without a socket the pane fills as well.
  const HISTORY_AT_LATEST_MS = 700;

  const paneOf = (element) => element.closest("[data-conversation]");
  const scrollOf = (pane) => pane.querySelector("[data-scroll]");
  const isAtEnd = (scroll) => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;

  const toEnd = (pane) => {
    const scroll = scrollOf(pane);
    scroll.scrollTop = scroll.scrollHeight;
    pane.querySelector("[data-new-lines]").hidden = true;
  };

  const put = (lines, items) => {
    let added = 0;
    for (const item of items) {
      const known = item.id && document.getElementById(item.id);
      if (known) {
        // A note that was put in other words since.
        if (known.dataset.edits !== item.dataset.edits) { known.replaceWith(item); htmx.process(item); }
        continue;
      }
      let after = lines.lastElementChild;
      while (after && after.dataset.order > item.dataset.order) after = after.previousElementSibling;
      if (after) after.after(item);
      else lines.prepend(item);
      htmx.process(item);
      added += item.id.startsWith("line-") ? 1 : 0;
    }
    return added;
  };

  const parse = (html) => [...document.createRange().createContextualFragment(html).children];

  const fetchNew = inTurnFor(async (pane) => {
    try {
      let hasMore = true;
      while (hasMore && pane.isConnected) {
        const response = await fetch(`${pane.dataset.messagesUrl}?after=${pane.dataset.lastSeq}`, { headers: { "HX-Request": "true" } });
        if (!response.ok || response.redirected) return;
        const wasAtEnd = isAtEnd(scrollOf(pane));
        const added = put(pane.querySelector("[data-lines]"), parse(await response.text()));
        pane.dataset.lastSeq = Math.max(Number(pane.dataset.lastSeq), Number(response.headers.get("X-Last-Seq")));
        if (added) {
          if (wasAtEnd) toEnd(pane);
          else pane.querySelector("[data-new-lines]").hidden = false;
        }
        pane.dispatchEvent(new CustomEvent("hub:lines", { bubbles: true }));
        followState(pane, response.headers.get("X-Ticket-State"));
        hasMore = Boolean(response.headers.get("X-Has-More"));
      }
    } catch {
      // Away: the socket's return asks again.
    }
  });

  // The head that shows another state, if it may be drawn anew. A menu that is being used is not swapped away under the hand, nor a
  // button whose answer is on the way (it brings the head itself): it is looked at again later.
  const oldHead = (pane, state) => {
    const head = pane.isConnected && pane.querySelector("#ticket-head");
    if (!state || !head || head.dataset.state === state) return null;
    if (!head.querySelector("details[open], .htmx-request")) return head;
    setTimeout(() => followState(pane, state), 500);
    return null;
  };
  const followState = inTurnFor(async (pane, state) => {
    if (!oldHead(pane, state)) return;
    const response = await fetch(pane.dataset.headUrl, { headers: { "HX-Request": "true" } }).catch(() => null);
    // Away: the socket's return asks again.
    if (!response?.ok || response.redirected) return;
    const html = await response.text();
    const head = oldHead(pane, state);
    if (head) htmx.swap(head, html, { swapStyle: "outerHTML" });
  });

  let historyAt = 0;
  let historyTimer = 0;
  let historyDue = Infinity;
  const fetchHistory = (soonest, every = HISTORY_EVERY_MS) => {
    const due = Math.max(Date.now() + soonest, historyAt + every);
    if (due >= historyDue) return;
    clearTimeout(historyTimer);
    historyDue = due;
    historyTimer = setTimeout(() => {
      historyDue = Infinity;
      const pane = document.querySelector("[data-history]");
      if (!pane) return;
      // The first is waited for. What keeps it current gives way to the message that it comes with.
      pane.dataset.priority = historyAt ? "u=6" : "u=3";
      historyAt = Date.now();
      htmx.trigger(pane, "refresh");
    }, due - Date.now());
  };

  // Hints that tell of no event: nothing to fetch.
  const isOfTheMoment = (what) => ["presence", "typing", "seen", "delivery", "voices"].includes(what.kind);
  const isSubscribed = (what) => what.kind === "subscribed";
  const isTalkHere = (what) => Boolean(what.thread) && what.thread === document.querySelector("[data-conversation]")?.dataset.thread;
  document.addEventListener("live", (event) => {
    if (event.target.matches("[data-conversation]")) {
      if (event.detail.every(isOfTheMoment)) return;
      fetchNew(event.target);
      // When the hub begins to listen, everything that happened before is in the database.
      if (event.detail.some(isSubscribed)) fetchHistory(0, HISTORY_ASKED_MS);
    }
    // Its own marker comes with the pane: what it is told on joining, the pane has just been fetched with.
    if (event.target.matches("[data-history-live]")) {
      const told = event.detail.filter((what) => !isSubscribed(what));
      if (told.length) fetchHistory(AFTER_MESSAGE_MS, told.every(isTalkHere) ? HISTORY_OF_TALK_MS : HISTORY_EVERY_MS);
    }
  }, true);

  // What comes above the conversation, or grows below it, takes of its height: the lines next to the composer stay where they stood.
  const keepLastLines = (scroll) => {
    let height = scroll.clientHeight;
    new ResizeObserver(() => {
      scroll.scrollTop += height - scroll.clientHeight;
      height = scroll.clientHeight;
    }).observe(scroll);
  };

  const open = () => {
    const pane = document.querySelector("[data-conversation]:not([data-is-open])");
    if (!pane) return;
    pane.dataset.isOpen = "";
    toEnd(pane);
    // What was searched for stands in the middle, marked.
    const found = pane.dataset.found && document.getElementById(`line-${pane.dataset.found}`);
    if (found) {
      found.classList.add("bg-warning/25", "rounded-box", "p-2");
      found.setAttribute("aria-current", "true");
      found.scrollIntoView({ block: "center" });
    }
    pane.dispatchEvent(new CustomEvent("hub:lines", { bubbles: true }));
    historyAt = 0;
    clearTimeout(historyTimer);
    historyDue = Infinity;
    fetchHistory(HISTORY_AT_LATEST_MS);
    keepLastLines(scrollOf(pane));
    scrollOf(pane).addEventListener("scroll", () => {
      if (!isAtEnd(scrollOf(pane))) return;
      pane.querySelector("[data-new-lines]").hidden = true;
      pane.dispatchEvent(new CustomEvent("hub:lines", { bubbles: true }));
    }, { passive: true });
  };

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches("[data-history]")) event.detail.headers.Priority = event.target.dataset.priority ?? "u=3";
  });
  document.addEventListener("DOMContentLoaded", open);
  document.addEventListener("htmx:afterSettle", open);
  document.addEventListener("hub:written", (event) => {
    const pane = paneOf(event.target);
    toEnd(pane);
    fetchNew(pane);
    fetchHistory(AFTER_MESSAGE_MS, HISTORY_ASKED_MS);
  });
  document.addEventListener("hub:note-edited", (event) => fetchNew(paneOf(event.target)));
  document.addEventListener("hub:refused", (event) => fetchNew(paneOf(event.target)));
  document.addEventListener("ticket-changed", () => {
    document.querySelectorAll("[data-conversation]").forEach(fetchNew);
    fetchHistory(AFTER_MESSAGE_MS, HISTORY_ASKED_MS);
  });

  document.addEventListener("click", async (event) => {
    const pane = event.target.closest("[data-conversation]");
    if (event.target.closest("[data-new-lines]")) toEnd(pane);
    const older = event.target.closest("[data-older-url]");
    if (older) {
      older.disabled = true;
      const response = await fetch(older.dataset.olderUrl, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (!response?.ok) { older.disabled = false; return; }
      const lines = older.closest("ol");
      const scroll = older.closest("[data-scroll]");
      const fromEnd = scroll.scrollHeight - scroll.scrollTop;
      older.closest("[data-older]").remove();
      const items = parse(await response.text());
      // The heading of a day that begins earlier now is the fresh one's.
      items.filter((item) => item.id.startsWith("day-")).forEach((item) => document.getElementById(item.id)?.remove());
      put(lines, items);
      scroll.scrollTop = scroll.scrollHeight - fromEnd;
    }
    const tab = event.target.closest("[data-tab]");
    if (tab) {
      const tabs = tab.closest("[data-tabs]");
      tabs.dataset.tabs = tab.dataset.tab;
      tabs.querySelectorAll("[data-tab]").forEach((other) => other.setAttribute("aria-selected", String(other === tab)));
    }
  });

  // The search field above a list of colleagues.
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-pick-search]")) return;
    const typed = event.target.value.normalize("NFC").trim().toLowerCase();
    event.target.closest("[data-pick]").querySelectorAll("[data-pick-text]").forEach((item) => {
      item.hidden = !item.dataset.pickText.toLowerCase().includes(typed);
    });
  });
})();
