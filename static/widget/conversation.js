/* The conversation as this browser knows it: what was said, by sequence number, and what still waits to be sent.
   A message leaves the browser's memory only when the hub says that it is stored. */

const ACK_MS = 10_000;
const MAX_CHARACTERS = 4_000;
const TYPING_EVERY_MS = 3_000;
/* Asks for nothing: no conversation has so high a number. */
const NOTHING_AFTER = 2 ** 31 - 1;

const newId = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  /* Pages without TLS have no randomUUID. */
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

/* `changed(what)` is called with {said: [messages], isNew}, {sent: id}, {failed: {id, code, detail}}, {state}, {status},
   {session}, {elsewhere: number}, {typing: true} or {restarted: true}. `isNew`: she has not just come to the page. */
const openConversation = ({ hub, widget, token, memory, language, changed }) => {
  const base = `${hub}/widget/${widget}`;
  const said = new Map(); /* seq → message */
  const known = new Map(); /* message id → seq */
  let visitor = memory.visitor();
  let upto = 0;
  let status = "idle";
  let opening = null;
  let inFlight = null;
  let flushTimer = 0;
  let isHeld = false;
  let seen = 0; /* up to where she has had it before her eyes, and up to where the hub was told so */
  let seenTold = 0;
  let typingAt = 0;
  let state = null; /* the last that the socket told */
  let isMoving = false; /* from one conversation to another: its socket is closed on purpose */

  const setStatus = (next) => { if (next !== status) { status = next; changed({ status }); } };

  const socket = openSocket({
    url: `${hub.replace(/^http/, "ws")}/ws/widget/${widget}/`,
    hello: () => visitor && { kind: "hello", visitor: visitor.id, secret: visitor.secret, conversation: visitor.conversation, after: upto },
    onFrame: (frame) => take(frame),
    onChange: (next) => { setStatus(isMoving && next === "offline" ? "connecting" : next); if (next !== "online") land(); },
    poll: () => ask(),
  });

  /* Puts what the hub told in its place. Hints may be doubled: a number that is known changes nothing. */
  const learn = (items, next, isNew = true) => {
    const fresh = items.filter((item) => !said.has(item.seq));
    fresh.forEach((item) => {
      said.set(item.seq, item);
      known.set(item.id, item.seq);
      memory.dropWaiting(item.id);
    });
    if (fresh.length) changed({ said: fresh, isNew });
    upto = Math.max(upto, next);
  };

  const take = (frame) => {
    if (frame.kind === "messages") learn(frame.items, frame.upto);
    else if (frame.kind === "state") { state = frame; changed({ state }); }
    else if (frame.kind === "elsewhere") changed({ elsewhere: frame.unread });
    else if (frame.kind === "typing") changed({ typing: true });
    else if (frame.kind === "ready") { seenTold = 0; tellSeen(); flush(); }
    else if (frame.kind === "ack") acknowledged(frame.id);
    else if (frame.kind === "error") declined(frame);
  };

  /* What the socket told while an answer was on its way is newer: she may have written on, or somebody has taken it. */
  const newest = (answered, before) => (state === before ? answered : state);

  const tellSeen = () => {
    if (seen <= seenTold || !socket.isReady()) return;
    seenTold = seen;
    socket.send({ kind: "seen", upto: seen });
  };

  const acknowledged = (id) => {
    memory.dropWaiting(id);
    changed({ sent: id });
    if (inFlight === id) land();
    flush();
  };

  const declined = ({ code, id, detail, retry_after: seconds }) => {
    if (code === "unknown_visitor") { startAgain(); return; }
    if (code === "slow_down" || code === "try_later" || code === "no_hello") {
      land();
      later(seconds || 1);
      return;
    }
    if (!id) return;
    /* It will never be taken: out of the queue, and back to her who wrote it. */
    memory.dropWaiting(id);
    changed({ failed: { id, code, detail } });
    if (inFlight === id) land();
    flush();
  };

  const land = () => { inFlight = null; clearTimeout(flushTimer); };
  const later = (seconds) => {
    isHeld = true;
    setTimeout(() => { isHeld = false; flush(); }, seconds * 1000);
  };

  /* One at a time, so that the order of writing is the order of arrival. */
  const flush = () => {
    if (inFlight || isHeld || !visitor) return;
    const next = memory.waiting().find((message) => !known.has(message.id));
    if (!next) return;
    if (isElsewhere(next)) {
      inFlight = next.id;
      byPost("messages", { id: next.id, text: next.text, attachments: idsOf(next), conversation: next.conversation, after: NOTHING_AFTER, seen: 0 })
        .then(({ ok, status: code, answer }) => {
          if (ok) acknowledged(next.id);
          else if (code === 403) { land(); memory.keepWaiting({ ...next, conversation: null }); flush(); }
          else if (code) declined({ ...answer, id: next.id });
          else { land(); later(3); }
        });
    } else if (socket.isReady()) {
      inFlight = next.id;
      socket.send({ kind: "send", id: next.id, text: next.text, attachments: idsOf(next) });
      flushTimer = setTimeout(() => { land(); socket.drop(); }, ACK_MS);
    } else if (socket.isPolling()) {
      inFlight = next.id;
      const here = visitor.conversation;
      byPost("messages", { id: next.id, text: next.text, attachments: idsOf(next) }).then(({ ok, status: code, answer }) => {
        if (ok) { if (visitor?.conversation === here) learn(answer.messages, answer.upto); acknowledged(next.id); }
        else if (code) declined({ ...answer, id: next.id });
        else { land(); setStatus("offline"); }
      });
    }
  };

  /* Written in another conversation than the one before her eyes: it goes where it belongs. */
  const isElsewhere = (message) => Boolean(message.conversation && message.conversation !== visitor?.conversation);

  const idsOf = (message) => (message.attachments || []).map((file) => file.id);
  const who = () => ({ visitor: visitor.id, secret: visitor.secret, conversation: visitor.conversation });
  const byPost = (what, body) => post(`${base}/${what}/`, { ...who(), after: upto, seen, ...body });

  /* Her files go and come by requests of their own; what was read once is not asked for again. */
  const contents = new Map(); /* id → promise of a blob */
  const files = {
    /* `key` is this page's own id of the upload: tried again, it is the same file. Answers as well `where` it belongs. */
    upload: async (file, key) => {
      await open();
      if (!visitor) return { ok: false, status: 0, answer: {} };
      const form = new FormData();
      const where = visitor.conversation;
      form.set("asked", JSON.stringify({ ...who(), key }));
      form.set("file", file);
      return { ...await sendForm(`${base}/files/`, form), where };
    },
    drop: (id, where) => visitor && byPost("files/drop", { id, conversation: where || visitor.conversation }),
    read: (id) => {
      if (!contents.has(id)) contents.set(id, fetchContent(`${base}/files/read/`, { ...who(), id }).then((blob) => { if (!blob) contents.delete(id); return blob; }));
      return contents.get(id);
    },
  };

  const ask = async () => {
    if (!visitor) return;
    const [here, before] = [visitor.conversation, state];
    const { ok, status: code, answer } = await byPost("fetch", {});
    if (visitor?.conversation !== here) return;
    if (ok) {
      setStatus("polling");
      learn(answer.messages, answer.upto);
      changed({ state: newest(answer.state, before) });
      flush();
    } else if (code === 403) declined(answer);
    else setStatus("offline");
  };

  /* The hub does not know this browser any more: a new conversation; what waits is sent there. */
  const startAgain = () => {
    memory.forgetVisitor();
    visitor = null;
    bringAlong();
    empty();
    socket.drop();
    changed({ restarted: true });
    open();
  };

  const empty = () => {
    said.clear();
    known.clear();
    upto = 0;
    seen = 0;
    seenTold = 0;
    land();
  };
  /* What waits for a conversation that is gone goes into the one that comes. */
  const bringAlong = () => memory.waiting().forEach((message) => memory.keepWaiting({ ...message, conversation: null }));

  const moveTo = async (id) => {
    visitor = { ...visitor, conversation: id };
    memory.keepVisitor(visitor);
    empty();
    isMoving = true;
    socket.drop();
    changed({ restarted: true });
    await open();
    isMoving = false;
  };

  const open = () => { opening ||= openOnce().finally(() => { opening = null; }); return opening; };

  const openOnce = async () => {
    if (status === "idle") setStatus("connecting");
    const kept = memory.visitor();
    /* Another tab may be in another of her conversations. */
    if (!visitor || (kept && kept.id !== visitor.id)) visitor = kept || visitor;
    const hers = visitor ? { visitor: visitor.id, secret: visitor.secret, conversation: visitor.conversation, after: upto } : {};
    const body = { ...hers, language };
    const before = state;
    const { ok, status: code, answer } = await post(`${base}/session/`, token ? { ...body, token } : body);
    if (!ok) {
      const isRefused = code === 403 || code === 404 || (!code && await isThere(hub));
      if (isRefused) console.warn("cxhub: this page is not among the widget's allowed sites, or there is no such widget.");
      setStatus(isRefused ? "refused" : "offline");
      /* Not for ever: a hub that was just restarting may have looked like a refusal. */
      const pause = isRefused ? 60_000 : 3_000;
      setTimeout(() => { if (status === "offline" || status === "refused") open(); }, pause * (1 + Math.random()));
      return;
    }
    if (answer.token_problem) console.warn(`cxhub: the visitor token was not accepted (${answer.token_problem}).`);
    if (answer.secret) {
      empty();
      if (visitor) { bringAlong(); changed({ restarted: true }); }
      visitor = { id: answer.visitor, secret: answer.secret, conversation: answer.conversation };
      memory.keepVisitor(visitor);
    }
    if (answer.conversation !== visitor.conversation) {
      /* Not hers, or not any more: the hub gives her latest, of which this page knows nothing. */
      visitor = { ...visitor, conversation: answer.conversation };
      memory.keepVisitor(visitor);
      empty();
      changed({ restarted: true });
      await openOnce();
      return;
    }
    memory.keepSeen(visitor.conversation, answer.seen);
    changed({ session: answer });
    learn(answer.messages, answer.upto, false);
    changed({ state: newest(answer.state, before) });
    socket.connect();
  };

  return {
    open,
    files,
    id: () => visitor?.conversation,
    hasHistory: () => Boolean(memory.visitor()) && (memory.hasTalked() || memory.waiting().length > 0),
    messages: () => [...said.values()].sort((a, b) => a.seq - b.seq),
    waiting: () => memory.waiting().filter((message) => !known.has(message.id) && !isElsewhere(message)),
    say: (text, attachments) => {
      const message = { id: newId(), text, attachments, written: Date.now() + performance.now() % 1, conversation: visitor?.conversation };
      memory.keepWaiting(message);
      typingAt = 0;
      flush();
      return message;
    },
    saw: (seq) => { seen = Math.max(seen, seq); tellSeen(); },
    /* That she is typing, never what. */
    typing: () => {
      if (!socket.isReady() || Date.now() - typingAt < TYPING_EVERY_MS) return;
      typingAt = Date.now();
      socket.send({ kind: "typing" });
    },
    tellAbout: (about) => byPost("about", about),
    survey: async (answer) => {
      const [here, before] = [visitor.conversation, state];
      const told = await byPost("survey", answer);
      if (told.ok && visitor?.conversation === here) changed({ state: newest(told.answer.state, before) });
      return told;
    },
    earlier: async () => {
      const { ok, answer } = await byPost("conversations", {});
      return ok ? answer.conversations : null;
    },
    moveTo,
    /* Answers whether there is another one now. */
    begin: async () => {
      const { ok, answer } = await byPost("begin", {});
      if (ok && answer.conversation !== visitor.conversation) await moveTo(answer.conversation);
      return ok;
    },
    askTranscript: (asked) => byPost("transcript", asked),
    retry: () => { socket.connect(); open(); },
    forget: () => { memory.forgetVisitor(); socket.stop(); },
  };
};
