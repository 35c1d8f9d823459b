/* Reads the script tag, builds the widget into a shadow root and ties its parts together. */

const script = document.currentScript;

const sheet = () => {
  const made = new CSSStyleSheet();
  made.replaceSync(STYLES);
  return made;
};

const subjectOf = (token) => {
  /* Whose conversation this browser should open; the hub alone decides whether the token is true. */
  try {
    const bytes = Uint8Array.from(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    return String(JSON.parse(new TextDecoder().decode(bytes)).sub || "");
  } catch {
    return "";
  }
};

const build = (parts, attributes = {}) => {
  const host = element("cxhub-chat", attributes);
  const root = host.attachShadow({ mode: "open", delegatesFocus: false });
  root.adoptedStyleSheets = [sheet()];
  root.append(...parts);
  /* What she types is none of the page's business: its shortcuts would take her letters for commands. */
  for (const type of ["keydown", "keypress", "keyup"]) root.addEventListener(type, (event) => event.stopPropagation());
  return host;
};

const start = () => {
  const language = languageOf(script);
  const words = WORDS[language];
  const widget = script.dataset.widget || "";
  const token = script.dataset.token || "";
  const subject = subjectOf(token);
  const memory = openMemory(`cxhub:${widget}:${subject}`);
  const anonymous = subject && openMemory(`cxhub:${widget}:`);
  /* She chatted before she logged in: the conversation goes with her. */
  if (anonymous && !memory.visitor() && anonymous.visitor()) {
    memory.keepVisitor(anonymous.visitor());
    anonymous.waiting().forEach((message) => { memory.keepWaiting(message); anonymous.dropWaiting(message.id); });
    anonymous.forgetVisitor();
  }
  let greeting = "";
  let name = "";
  let state = { status: "none", agent: "" };
  let status = "idle";
  let isContactDue = false;

  const panel = openPanel({
    words,
    language,
    onSend: (text) => panel.await(conversation.say(text)),
    onOpen: () => { conversation.open(); read(); },
    onClose: () => read(),
    onRetry: () => conversation.retry(),
    onRewrite: (text) => panel.composer.putBack(text),
    onTyping: () => conversation.typing(),
    onSkip: () => memory.keepChoice("contact", "skipped"),
    onAbout: async (about) => {
      const { ok, answer } = await conversation.tellAbout(about);
      if (ok) { memory.keepChoice("contact", "told"); return ""; }
      return words.errors[answer.code] || answer.detail || words.failed;
    },
  });

  const read = () => {
    const all = conversation.messages();
    if (panel.isRead() && all.length) {
      memory.keepSeen(all[all.length - 1].seq);
      conversation.saw(all[all.length - 1].seq);
    }
    panel.count(all.filter((message) => message.from !== "customer" && message.seq > memory.seen()).length);
  };

  /* Her place in the queue; out of hours, when people are back and how she is answered. */
  const told = () => {
    const back = state.opens ? momentOf(state.opens, language, words) : "";
    if (state.status === "waiting" && state.closed) return words.closedWaiting(back);
    if (state.status === "waiting" && state.place) return words.place(state.place);
    if (state.status === "none" && state.closed) return words.closed(back);
    return words[state.status] || words.none;
  };

  const tell = () => {
    if (status === "refused") panel.tellStatus(words.refusedPage, "refused", false);
    else if (status === "offline") panel.tellStatus(words.offline, "offline", true);
    else if (status === "connecting") panel.tellStatus(words.connecting, "connecting", false);
    else if (state.status === "assigned") panel.tellStatus(words.assigned(state.agent), "assigned", false);
    else panel.tellStatus(told(), state.status, false);
  };

  const texts = new Map();
  const conversation = openConversation({
    hub: new URL(script.src).origin,
    widget, token, memory,
    changed: (what) => {
      if (what.restarted) { panel.clear(); panel.introduce(name, greeting); showWaiting(); }
      if (what.session) {
        name = what.session.settings.name;
        greeting = what.session.settings.greeting[language] || what.session.settings.greeting.ko;
        panel.introduce(name, greeting);
        isContactDue = what.session.settings.asks_contact && !what.session.verified && !what.session.told.length && !memory.choice("contact");
        if (isContactDue && panel.isOpen()) panel.askContact();
        showWaiting();
      }
      if (what.said) { what.said.forEach(panel.say); read(); }
      if (what.sent) panel.confirm(what.sent);
      if (what.failed) {
        const { id, code, detail } = what.failed;
        panel.fail(id, words.errors[code] || detail || words.errors.refused, texts.get(id) || "");
      }
      if (what.typing) panel.showTyping(true);
      if (what.state) { state = what.state; panel.tellRead(state.seen); tell(); }
      if (what.status) { status = what.status; tell(); }
    },
  });
  const showWaiting = () => conversation.waiting().forEach((message) => { texts.set(message.id, message.text); panel.await(message); });
  const say = conversation.say;
  conversation.say = (text) => { const message = say(text); texts.set(message.id, text); return message; };

  const host = build(panel.parts);
  document.body.append(host);
  /* Above the page and out of its reach: a body that is transformed, dimmed or cut off moves and hides what is in it. */
  if (host.showPopover) {
    host.popover = "manual";
    host.showPopover();
  }
  document.addEventListener("visibilitychange", read);
  tell();
  /* A page that nobody chats on costs no request but the script's own. */
  if (conversation.hasHistory()) conversation.open();
  window.cxhubWidget = {
    open: panel.open,
    close: panel.close,
    /* For the shop's log-out: this browser forgets the conversation. */
    forget: () => { conversation.forget(); panel.clear(); panel.close(); },
  };
};

/* On the settings screen: the panel in its place on the page, without a hub behind it. */
const startPreview = (place) => {
  const make = () => {
    const language = place.dataset.language === "en" ? "en" : "ko";
    const words = WORDS[language];
    const panel = openPanel({ words, language, onSend: () => {}, onOpen: () => {}, onClose: () => {}, onRetry: () => {}, onRewrite: () => {}, onAbout: async () => "", onSkip: () => {}, onTyping: () => {} });
    place.replaceChildren(build(panel.parts, { preview: true }));
    panel.parts[0].hidden = false;
    panel.parts[0].inert = true;
    panel.introduce(place.dataset.name, place.dataset.greeting);
    panel.tellStatus(words.none, "none", false);
  };
  make();
  new MutationObserver(make).observe(place, { attributes: true, attributeFilter: ["data-name", "data-greeting", "data-language"] });
};

const preview = document.querySelector("[data-widget-preview]");
const begin = () => (preview && !script.dataset.widget ? startPreview(preview) : start());
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
