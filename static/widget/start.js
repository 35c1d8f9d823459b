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

const build = (parts, colors, attributes = {}) => {
  const host = element("cxhub-chat", attributes);
  const root = host.attachShadow({ mode: "open", delegatesFocus: false });
  root.adoptedStyleSheets = [sheet(), colors.sheet];
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
  let elsewhere = 0;
  const colors = openColors(memory.choice("color") || script.dataset.color);
  const chime = openChime({ memory });

  const panel = openPanel({
    words,
    language,
    onSend: (text, attachments) => say(text, attachments),
    memory,
    files: { upload: (file, key) => conversation.files.upload(file, key), drop: (id, where) => conversation.files.drop(id, where), read: (id) => conversation.files.read(id) },
    onOpen: () => { conversation.open(); read(); notices.opened(); },
    onClose: () => read(),
    onRetry: () => conversation.retry(),
    onRewrite: (text) => panel.composer.putBack(text),
    onTyping: () => conversation.typing(),
    onList: () => showList(earlier.part.hidden),
    onBack: () => goBack(),
    onSound: () => panel.tellSound(chime.toggle()),
  });

  const transcript = openTranscript({
    words, language, panel,
    ask: (asked) => conversation.askTranscript(asked),
    onUnfold: () => showList(false),
  });

  const read = () => {
    const all = conversation.messages();
    if (panel.isRead() && all.length) {
      memory.keepSeen(conversation.id(), all[all.length - 1].seq);
      conversation.saw(all[all.length - 1].seq);
    }
    const seen = memory.seen(conversation.id());
    panel.count(elsewhere + all.filter((message) => message.from !== "customer" && message.seq > seen).length);
  };

  /* When people are back, in words; "" where nobody knows. */
  const backOf = ({ opens }) => (opens ? momentOf(opens, language, words) : "");

  /* Her place in the queue; out of hours, when people are back and how she is answered. */
  const told = () => {
    const back = backOf(state);
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

  const introduce = ({ settings, unread_elsewhere: unread }) => {
    name = settings.name;
    greeting = settings.greeting[language] || settings.greeting.ko;
    elsewhere = unread;
    memory.keepChoice("color", settings.color);
    colors.set(settings.color);
    chime.allow(settings.sound);
    panel.tellSound(chime.isOn(), settings.sound);
    transcript.offer(settings.sends_transcript);
    panel.introduce(name, greeting);
  };

  /* What goes with a message that waits is no draft any more. */
  const unsent = (uploads) => {
    const taken = new Set(memory.waiting().flatMap((message) => (message.attachments || []).map((file) => file.id)));
    return uploads.filter((file) => !taken.has(file.id));
  };

  const texts = new Map();
  const conversation = openConversation({
    hub: new URL(script.src).origin,
    widget, token, memory, language,
    changed: (what) => {
      if (what.restarted) { panel.clear(); panel.composer.renewFiles(); notices.clear(); transcript.fold(); panel.introduce(name, greeting); showWaiting(); }
      if (what.session) { introduce(what.session); notices.session(what.session); panel.composer.restoreFiles(unsent(what.session.uploads)); showWaiting(); }
      if (what.said) {
        what.said.forEach(panel.say);
        panel.composer.filesSent(what.said.flatMap((message) => (message.attachments || []).map((file) => file.id)));
        notices.spoke();
        const answer = what.said.filter((message) => message.from !== "customer").pop();
        if (what.isNew && answer && !panel.isRead()) chime.ring(`${conversation.id()}:${answer.seq}`);
        read();
      }
      if (what.sent) panel.confirm(what.sent);
      if (what.failed) {
        const { id, code, detail } = what.failed;
        panel.fail(id, words.errors[code] || detail || words.errors.refused, texts.get(id) || "");
      }
      if (what.elsewhere !== undefined) {
        /* The number has no message to go by: two tabs are one sound when they hear of it within the same seconds. */
        if (what.elsewhere > elsewhere) chime.ring(`elsewhere:${what.elsewhere}:${Math.floor(Date.now() / 10_000)}`);
        elsewhere = what.elsewhere;
        read();
      }
      if (what.typing) panel.showTyping(true);
      if (what.state) { state = what.state; panel.tellRead(state.seen); tell(); notices.state(state); }
      if (what.status) { status = what.status; tell(); }
    },
  });
  const say = (text, attachments) => {
    const message = conversation.say(text, attachments);
    texts.set(message.id, text);
    panel.await(message);
    notices.spoke();
  };
  const showWaiting = () => conversation.waiting().forEach((message) => { texts.set(message.id, message.text); panel.await(message); });

  const notices = openNotices({ words, panel, memory, conversation, say, backOf });

  const earlier = openEarlier({
    words, language,
    onPick: async (id) => {
      showList(false);
      if (id !== conversation.id()) await conversation.moveTo(id);
      panel.focus();
    },
    onBegin: async () => {
      const isDone = await conversation.begin();
      if (isDone) goBack();
      return isDone;
    },
    onBack: () => goBack(),
    fetchList: async () => {
      const found = await conversation.earlier();
      if (found) elsewhere = found.filter((one) => one.id !== conversation.id()).reduce((sum, one) => sum + one.unread, 0);
      read();
      return { found, current: conversation.id() };
    },
  });
  panel.listPlace(earlier.part);
  const showList = (does) => {
    earlier.part.hidden = !does;
    transcript.fold();
    panel.showList(does && earlier.part);
    if (!does) return;
    earlier.fill();
    earlier.focus();
  };

  const goBack = () => { showList(false); panel.focus(); };

  const host = build(panel.parts, colors);
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
    forget: () => {
      conversation.forget();
      notices.clear();
      transcript.offer(false);
      panel.clear();
      panel.close();
      elsewhere = 0;
      panel.count(0);
    },
  };
};

const preview = document.querySelector("[data-widget-preview]");
const begin = () => (preview && !script.dataset.widget ? startPreview(preview) : start());
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
