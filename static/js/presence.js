// Says that somebody looks at this ticket or writes an answer in it, and shows which colleagues do, and that the customer
// types. All of it is true for seconds: said again while it lasts, gone by itself when nobody says it any more.
(() => {
  const HERE_EVERY_MS = 10_000;
  const WRITING_EVERY_MS = 3_000;
  const WRITING_ENDS_MS = 5_000;
  const CUSTOMER_TYPES_MS = 6_000;

  const pane = () => document.querySelector("[data-conversation]");
  const send = (kind, more) => {
    const group = pane()?.dataset.live;
    if (group) document.dispatchEvent(new CustomEvent("hub:send", { detail: { kind, group, ...more } }));
  };

  let writingAt = 0;
  let writingTimer = 0;
  const isWriting = () => Date.now() - writingAt < WRITING_EVERY_MS;
  const here = () => { if (document.visibilityState !== "hidden") send("here", { is_writing: Boolean(writingTimer) }); };

  const stopWriting = () => {
    if (!writingTimer) return;
    clearTimeout(writingTimer);
    writingTimer = 0;
    writingAt = 0;
    here();
  };

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("[data-composer]");
    if (!form || !event.target.matches("[data-text]") || form.dataset.mode !== "reply") return;
    if (!event.target.value.trim()) { stopWriting(); return; }
    clearTimeout(writingTimer);
    writingTimer = setTimeout(stopWriting, WRITING_ENDS_MS);
    if (isWriting()) return;
    writingAt = Date.now();
    here();
  });
  document.addEventListener("hub:written", stopWriting);
  document.addEventListener("composer:enter", stopWriting);

  // Whoever looks elsewhere is not here.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") { here(); return; }
    clearTimeout(writingTimer);
    writingTimer = 0;
    send("gone");
  });
  setInterval(here, HERE_EVERY_MS);

  const fetchOthers = inTurn(async () => {
    const place = document.querySelector("[data-others]");
    if (!place) return;
    try {
      const response = await fetch(place.dataset.othersUrl, { headers: { "HX-Request": "true" } });
      if (!response.ok || response.redirected || !place.isConnected) return;
      const fresh = document.createRange().createContextualFragment(await response.text());
      // The same names again are not news to whoever hears the page.
      if (fresh.textContent.trim() !== place.textContent.trim()) place.replaceChildren(fresh);
    } catch {
      // Away: the next hint asks again.
    }
  });

  let typesTimer = 0;
  const customerTypes = (does) => {
    const line = document.querySelector("[data-customer-types]");
    clearTimeout(typesTimer);
    if (!line) return;
    const text = does ? line.dataset.customerTypes : "";
    if (line.textContent !== text) line.textContent = text;
    if (does) typesTimer = setTimeout(() => customerTypes(false), CUSTOMER_TYPES_MS);
  };

  let lines = 0;
  const countHers = () => document.querySelectorAll("[data-lines] [data-hers]").length;
  document.addEventListener("hub:lines", () => {
    const now = countHers();
    if (now > lines) customerTypes(false);
    lines = now;
  });
  document.addEventListener("live", (event) => {
    if (!event.target.matches("[data-conversation]")) return;
    const kinds = new Set(event.detail.map((what) => what.kind));
    if (kinds.has("subscribed")) here();
    if (kinds.has("subscribed") || kinds.has("presence")) fetchOthers();
    if (kinds.has("typing")) customerTypes(true);
  }, true);
})();
