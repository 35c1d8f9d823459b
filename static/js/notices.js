// Shows what is said to this person on whatever page she is: broadcasts, whispers, tickets taken over. Each stays until she has read
// it; a whisper in the conversation that she has open is read there. The sign is there at once, where it moves nothing. The words get a
// line of their own above the page: they push it down, and it moves back up, only while she is not about to press anything in it.
(() => {
  const CHECK_MS = 15_000;
  // A hand that has rested so long is not on its way to a button.
  const REST_MS = 800;
  const LOOK_AGAIN_MS = 200;
  // A second press that came too fast was meant for the line before.
  const GUARD_MS = 600;
  const PRESSED = "a, button, input, select, textarea, label, summary, [role=button], [role=tab], [role=option], [hx-get], [hx-post]";

  const place = () => document.querySelector("[data-notices]");
  const open = () => document.querySelector("[data-ticket-panes]")?.dataset.ticketPanes;
  const nameOf = (form) => `${form.action} ${form.elements.upto?.value || ""}`;
  const rows = () => [...place().querySelectorAll("form")];
  let said = [];
  let number = 0;
  let timer = 0;
  let movedAt = -REST_MS;
  let pressedAt = -GUARD_MS;

  const move = () => { movedAt = performance.now(); };
  for (const kind of ["pointermove", "pointerdown", "pointerup", "wheel", "touchmove"]) addEventListener(kind, move, { passive: true, capture: true });
  const isAboutToPress = () => {
    if (performance.now() - movedAt < REST_MS) return true;
    const under = matchMedia("(hover: hover)").matches && [...document.querySelectorAll("main :hover")].pop();
    return Boolean(under && !place().contains(under) && under.closest(PRESSED));
  };

  const tellSigns = () => document.querySelectorAll("[data-notices-sign]").forEach((sign) => {
    sign.hidden = !said.length;
    sign.querySelector("[data-notices-count]").textContent = said.length;
  });
  const put = () => {
    clearTimeout(timer);
    timer = 0;
    const hadFocus = place().contains(document.activeElement);
    place().toggleAttribute("data-read", false);
    // The line that stays is left where it is: put there anew it would lose the focus.
    rows().filter((form) => form !== said[0]).forEach((form) => form.remove());
    place().append(...said.slice(rows().length));
    said.forEach((form, index) => {
      form.querySelector("[data-more]").textContent = index || said.length === 1 ? "" : place().dataset.textMore.replace("{n}", said.length - 1);
    });
    if (hadFocus && !place().contains(document.activeElement)) (said[0] || document.getElementById("main")).focus();
  };
  const putWhenCalm = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (isAboutToPress()) putWhenCalm(); else put(); }, LOOK_AGAIN_MS);
  };

  // What there is to be read now. The line that stands there stays the first: nothing takes its place under her pointer.
  const take = (forms, { isHers = false } = {}) => {
    const [first] = rows();
    const kept = first && forms.find((form) => nameOf(form) === nameOf(first));
    said = kept ? [first, ...forms.filter((form) => form !== kept)] : forms;
    tellSigns();
    if (kept || (isHers && said.length)) put();
    else if (first || said.length) putWhenCalm();
  };

  const isOver = (form) => Date.parse(form.dataset.endsAt) <= Date.now();
  const isOpen = (form) => document.visibilityState !== "hidden" && form.dataset.notice === open();
  const leave = () => {
    const left = said.filter((form) => !isOver(form) && !isOpen(form));
    if (left.length < said.length) take(left);
  };
  const formsIn = (html) => {
    const forms = [...document.createRange().createContextualFragment(html).querySelectorAll("form")];
    forms.forEach((form) => htmx.process(form));
    return forms.filter((form) => !isOver(form) && !isOpen(form));
  };

  const fetchAll = async () => {
    number += 1;
    const mine = number;
    const response = await fetch(place().dataset.notices, { headers: { "HX-Request": "true" } }).catch(() => null);
    // When the hub is back, the socket says so and this is asked again.
    if (!response?.ok || response.redirected) return;
    const html = await response.text();
    if (mine === number) take(formsIn(html));
  };

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-notices] form")) return;
    if (performance.now() - pressedAt < GUARD_MS) { event.preventDefault(); event.stopPropagation(); } else pressedAt = performance.now();
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target;
    if (!form.matches?.("[data-notices] form") || !event.detail.successful) return;
    number += 1;
    place().toggleAttribute("data-read", true);
    take(formsIn(event.detail.xhr.responseText).filter((one) => nameOf(one) !== nameOf(form)), { isHers: true });
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-notices-sign]")) return;
    put();
    scrollTo({ top: 0 });
    rows()[0]?.focus();
  });

  // In the conversation that she has open a whisper stands out by itself; that it is no longer hers does not.
  const tellTaken = (told) => {
    if (!told.some(({ kind, of, ticket }) => kind === "notice" && of === "ticket.assigned" && ticket === open())) return;
    document.dispatchEvent(new CustomEvent("hub:toast", { detail: { text: place().dataset.textTaken, level: "warning" } }));
  };

  document.addEventListener("live", (event) => {
    if (event.target.matches("[data-notices]")) tellTaken(event.detail);
    if (event.target.matches("[data-notices]") && event.detail.some(({ kind }) => ["subscribed", "notice", "mention"].includes(kind))) fetchAll();
  }, true);
  document.addEventListener("visibilitychange", leave);
  document.addEventListener("htmx:afterSettle", leave);
  setInterval(leave, CHECK_MS);
})();
