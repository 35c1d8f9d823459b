/* What she sees: the round button, the panel, the log. Draws what the conversation tells, decides nothing. */

/* Whoever types says so every three seconds. */
const TYPING_SHOWN_MS = 6_000;

const timeOf = (iso, language) => new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }).format(new Date(iso));
const dayOf = (iso, language, today) => {
  const date = new Date(iso);
  if (date.toDateString() === new Date().toDateString()) return today;
  return new Intl.DateTimeFormat(language, { month: "long", day: "numeric", weekday: "short" }).format(date);
};
const momentOf = (iso, language, words) => {
  const days = Math.round((new Date(iso).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 86_400_000);
  const day = days === 0 ? words.today : days === 1 ? words.tomorrow : dayOf(iso, language, words.today);
  return `${day} ${timeOf(iso, language)}`;
};

const openPanel = ({ words, language, onSend, onOpen, onClose, onRetry, onRewrite, onTyping, onList, onBack, onSound, files, memory }) => {
  let isOpen = false;
  let lastFocus = null;

  const badge = element("span", { class: "badge", hidden: true, "aria-hidden": "true" });
  const launcher = element(
    "button",
    { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-label": words.launch, on: { click: () => (isOpen ? close() : open()) } },
    icon(ICONS.chat), badge,
  );
  const title = element("h2", { class: "title" });
  const status = element("p", { class: "status", role: "status" });
  const closer = element("button", { type: "button", class: "closer", "aria-label": words.close, on: { click: () => close() } }, icon(ICONS.close));
  const lister = element("button", { type: "button", class: "closer", "aria-label": words.list, "aria-expanded": "false", title: words.list, on: { click: onList } }, icon(ICONS.list));
  const sounder = element("button", { type: "button", class: "closer", "aria-label": words.sound, on: { click: onSound } });
  const retry = element("button", { type: "button", class: "retry", hidden: true, on: { click: onRetry } }, words.retry);
  const log = element("ol", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": words.log, tabindex: "0" });
  const typing = element("p", { class: "typing", role: "status", "aria-live": "polite" });
  const notice = element("div", { class: "notice", hidden: true });
  /* What she asked for herself: stands before the notice and the box, which keep what she has typed. */
  const fold = element("div", { class: "notice", hidden: true });
  const composer = openComposer({ words, onSend, onTyping, files, memory });
  const panel = element(
    "section",
    { class: "panel", role: "dialog", "aria-label": words.panel(""), hidden: true },
    element("header", {}, element("div", { class: "heading" }, title, status), retry, lister, sounder, closer),
    log, typing, fold, notice, composer.form,
  );
  const talk = [log, typing, fold, notice, composer.form];
  const rootOf = () => panel.getRootNode();
  let list = null; /* her conversations, while they stand in the log's place */
  const focusOn = () => {
    if (list) { list.querySelector("button").focus(); return; }
    const place = panel.classList.contains("has-front") ? fold : composer.form.hidden && notice;
    const first = place && place.querySelector("input, textarea, select");
    if (first) first.focus();
    else composer.focus();
  };
  /* What a closed chat tells readers; the button's number alone would be passed over in silence. */
  const teller = element("p", { class: "unseen", role: "status" });

  /* Messages in order of their number; those without one wait at the end in the order of writing. */
  const placed = new Map(); /* id → element with .order and .day */
  const place = (id, order, made) => {
    made.order = order;
    placed.set(id, made);
    const wasAtEnd = isAtEnd();
    const next = [...log.children].find((other) => other.order > order);
    log.insertBefore(made, next || null);
    marksOfDays();
    return wasAtEnd;
  };
  const marksOfDays = () => {
    let last = "";
    for (const item of [...log.children]) {
      if (item.isDay) { item.remove(); continue; }
      if (!item.at) continue;
      const day = dayOf(item.at, language, words.today);
      if (day !== last) {
        const mark = element("li", { class: "day" }, day);
        mark.isDay = true;
        mark.order = item.order - 0.5;
        log.insertBefore(mark, item);
        last = day;
      }
    }
  };
  const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const toEnd = () => { log.scrollTop = log.scrollHeight; };

  const bubble = ({ author, name, text, at, note, quote, attachments = [] }) => {
    const who = author === "customer" ? words.you : name || (author === "bot" ? words.bot : words.agent);
    const when = at ? timeOf(at, language) : "";
    const made = element(
      "li", { class: `said ${author}` },
      element("span", { class: author === "customer" ? "unseen" : "who" }, who),
      element("div", { class: "text" }, ...(quote ? [element("span", { class: "quote" }, element("span", { class: "unseen" }, `${words.quoted} `), quote)] : []), text, ...attachments.map((file) => shownFile(file, { words, read: files.read }))),
      element("span", { class: "when" }, note || when),
    );
    made.at = at;
    return made;
  };

  /* Under the last of hers that a person has read. The text of a mark that is there changes: a reader is not disturbed. */
  let readUpto = 0;
  const markRead = () => {
    const hers = [...placed.values()].filter((made) => made.seq && made.classList.contains("customer"));
    const last = hers.filter((made) => made.seq <= readUpto).sort((one, other) => other.seq - one.seq)[0];
    hers.forEach((made) => {
      const when = `${made === last ? `${words.read} · ` : ""}${timeOf(made.at, language)}`;
      if (made.lastChild.textContent !== when) made.lastChild.textContent = when;
    });
  };
  let typingTimer = 0;
  const showTyping = (does) => {
    clearTimeout(typingTimer);
    const text = does ? words.typing : "";
    const wasAtEnd = isAtEnd();
    if (typing.textContent !== text) typing.textContent = text;
    if (wasAtEnd) toEnd();
    if (does) typingTimer = setTimeout(() => showTyping(false), TYPING_SHOWN_MS);
  };

  const open = () => {
    if (isOpen) return;
    isOpen = true;
    lastFocus = document.activeElement;
    panel.hidden = false;
    launcher.setAttribute("aria-expanded", "true");
    launcher.setAttribute("aria-label", words.close);
    launcher.classList.add("is-open");
    if (narrow.matches) panel.setAttribute("aria-modal", "true");
    else panel.removeAttribute("aria-modal");
    teller.textContent = "";
    onOpen();
    toEnd();
    focusOn();
  };
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    panel.hidden = true;
    launcher.setAttribute("aria-expanded", "false");
    launcher.setAttribute("aria-label", words.launch);
    launcher.classList.remove("is-open");
    onClose();
    if (lastFocus && lastFocus !== document.body && lastFocus.isConnected && lastFocus !== launcher.getRootNode().host) lastFocus.focus();
    else launcher.focus();
  };
  /* On a phone the panel is all there is: Tab stays in it. On a wide page she may go on to the page. */
  launcher.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  const narrow = window.matchMedia("(max-width: 480px)");
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      /* One step back: what stands in front of the conversation goes first. */
      if (list || panel.classList.contains("has-front")) onBack();
      else close();
      return;
    }
    if (event.key !== "Tab" || !narrow.matches) return;
    const stops = [...panel.querySelectorAll("button, textarea, input, select, a[href], [tabindex='0']")].filter((stop) => stop.offsetParent && !stop.disabled);
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (panel.getRootNode().activeElement === edge) {
      event.preventDefault();
      (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
    }
  });

  return {
    parts: [panel, launcher, teller],
    open, close,
    isOpen: () => isOpen,
    isRead: () => isOpen && !log.classList.contains("is-away") && document.visibilityState === "visible",
    composer,
    introduce: (name, greeting) => {
      title.textContent = name;
      panel.setAttribute("aria-label", words.panel(name));
      placed.get("greeting")?.remove();
      if (greeting) place("greeting", -1, bubble({ author: "bot", name, text: greeting, note: " " }));
    },
    say: (message) => {
      const mine = message.from === "customer";
      const old = placed.get(message.id);
      const made = bubble({ author: message.from, ...message });
      made.seq = message.seq;
      const wasAtEnd = place(message.id, message.seq, made);
      old?.remove();
      if (!mine) showTyping(false);
      markRead();
      if (mine || wasAtEnd) toEnd();
    },
    await: ({ id, text, written, attachments }) => {
      if (placed.has(id)) return;
      const made = bubble({ author: "customer", text, attachments, note: words.pending });
      made.classList.add("is-pending");
      place(id, 1e12 + written / 1e3, made);
      toEnd();
    },
    confirm: (id) => {
      const made = placed.get(id);
      if (!made?.classList.contains("is-pending")) return;
      made.classList.remove("is-pending");
      made.lastChild.textContent = timeOf(new Date().toISOString(), language);
    },
    fail: (id, why, text) => {
      const made = placed.get(id);
      if (!made) return;
      made.classList.add("is-failed");
      made.classList.remove("is-pending");
      const rewrite = element("button", { type: "button", class: "link", on: { click: () => { made.remove(); placed.delete(id); onRewrite(text); } } }, words.rewrite);
      made.lastChild.replaceChildren(`${words.notSent}: ${why} `, rewrite);
    },
    showTyping,
    tellRead: (upto) => { readUpto = upto || 0; markRead(); },
    clear: () => { placed.clear(); log.replaceChildren(); },
    tellStatus: (text, kind, canRetry) => {
      if (status.textContent !== text) status.textContent = text;
      panel.dataset.status = kind;
      retry.hidden = !canRetry;
    },
    count: (unread) => {
      badge.hidden = !unread;
      badge.textContent = unread > 9 ? "9+" : String(unread || "");
      if (isOpen) return;
      launcher.setAttribute("aria-label", unread ? words.launchUnread(unread) : words.launch);
      teller.textContent = unread ? words.unread(unread) : "";
    },
    /* A form above the box she writes in, or in its place. Focus goes into it only where it was in what it replaces. */
    showNotice: (part, { isInPlace = false } = {}) => {
      const hadFocus = isOpen && (notice.contains(rootOf().activeElement) || (isInPlace && composer.form.contains(rootOf().activeElement)));
      const wasAtEnd = isAtEnd();
      notice.replaceChildren(...(part ? [part] : []));
      notice.hidden = !part;
      composer.form.hidden = isInPlace;
      if (wasAtEnd) toEnd();
      if (hadFocus) focusOn();
    },
    addTool: (button) => closer.before(button),
    /* A form in front of both, or a word above them; null folds it up. */
    unfold: (part, { isInFront = false } = {}) => {
      const wasAtEnd = isAtEnd();
      fold.replaceChildren(...(part ? [part] : []));
      fold.hidden = !part;
      panel.classList.toggle("has-front", isInFront);
      if (wasAtEnd) toEnd();
    },
    showList: (part) => {
      list = part;
      talk.forEach((one) => { one.classList.toggle("is-away", Boolean(part)); });
      lister.setAttribute("aria-expanded", String(Boolean(part)));
    },
    listPlace: (part) => panel.insertBefore(part, log),
    tellSound: (isOn, isShown = true) => {
      sounder.hidden = !isShown;
      sounder.setAttribute("aria-pressed", String(isOn));
      sounder.setAttribute("title", isOn ? words.soundOn : words.soundOff);
      sounder.replaceChildren(icon(isOn ? ICONS.sound : ICONS.mute));
    },
    focus: () => focusOn(),
  };
};
