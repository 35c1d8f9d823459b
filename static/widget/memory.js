/* What the browser keeps for the widget: who the visitor is, what she has seen, what is not sent yet.
   One key for each waiting message, so that two tabs never overwrite each other's. Where storage is
   forbidden the page's own memory has to do. */

const openMemory = (prefix) => {
  let storage;
  try {
    storage = window.localStorage;
    storage.setItem(`${prefix}:probe`, "1");
    storage.removeItem(`${prefix}:probe`);
  } catch {
    const map = new Map();
    storage = {
      getItem: (key) => map.get(key) ?? null,
      setItem: (key, value) => map.set(key, value),
      removeItem: (key) => map.delete(key),
      key: (index) => [...map.keys()][index] ?? null,
      get length() { return map.size; },
    };
  }
  const read = (key) => {
    try {
      return JSON.parse(storage.getItem(`${prefix}:${key}`));
    } catch {
      return null;
    }
  };
  const write = (key, value) => {
    try {
      storage.setItem(`${prefix}:${key}`, JSON.stringify(value));
    } catch {
      /* Full: the message stays in this page's memory and is sent from there. */
    }
  };
  const drop = (key) => storage.removeItem(`${prefix}:${key}`);

  /* Files that this tab is uploading: by name, to say so after a reload that cut them off. */
  let underway = [];
  const tabKey = `${prefix}:underway`;
  try { underway = JSON.parse(window.sessionStorage.getItem(tabKey)) || []; } catch { /* Closed: nothing to be said. */ }
  const setUnderway = (next) => {
    underway = next;
    try { window.sessionStorage.setItem(tabKey, JSON.stringify(next)); } catch { /* as above */ }
  };

  const waiting = new Map();
  const keyOf = (id) => `waiting:${id}`;
  return {
    visitor: () => read("visitor"),
    keepVisitor: (visitor) => write("visitor", visitor),
    forgetVisitor: () => { ["visitor", "talked", "contact", "closed"].forEach(drop); },
    /* Whether she has ever had a conversation before her eyes: such a page asks the hub for news by itself. */
    hasTalked: () => Boolean(read("talked") || read("seen")),
    seen: (conversation) => read(`seen:${conversation}`) || 0,
    keepSeen: (conversation, seq) => {
      write("talked", true);
      if (seq > (read(`seen:${conversation}`) || 0)) write(`seen:${conversation}`, seq);
    },
    choice: (name) => read(name),
    keepChoice: (name, value) => write(name, value),
    underway: () => underway,
    keepUnderway: (file) => setUnderway([...underway.filter(({ key }) => key !== file.key), file]),
    dropUnderway: (gone) => { if (underway.some(({ key }) => key === gone)) setUnderway(underway.filter(({ key }) => key !== gone)); },
    /* Messages that the hub has not acknowledged, oldest first; other tabs' too. */
    waiting: () => {
      const found = new Map(waiting);
      for (let i = 0; i < storage.length; i += 1) {
        const key = storage.key(i);
        if (key?.startsWith(`${prefix}:waiting:`)) {
          const message = read(key.slice(prefix.length + 1));
          if (message?.id) found.set(message.id, message);
        }
      }
      return [...found.values()].sort((a, b) => a.written - b.written);
    },
    keepWaiting: (message) => { waiting.set(message.id, message); write(keyOf(message.id), message); },
    dropWaiting: (id) => { waiting.delete(id); drop(keyOf(id)); },
  };
};
