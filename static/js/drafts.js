// Keeps what is being written: at once in this browser, a moment later in the hub, so that a reload, a crash and another
// machine find it. Each save names the version it takes the place of; where another page of hers has changed the draft
// meanwhile, both texts stay until she chooses.
(() => {
  const SAVE_AFTER_MS = 700;
  const AGAIN_AFTER_MS = 15_000;

  const textOf = (form) => form.querySelector("[data-text]");
  // Over plain http to another machine crypto.randomUUID is missing.
  const newKey = () => ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (digit) =>
    (digit ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> digit / 4).toString(16));

  // One entry for each tab: two that are offline do not write over each other.
  const tab = (() => {
    try { return (sessionStorage["cxhub:tab"] ||= newKey()); } catch { return newKey(); }
  })();
  const prefixOf = (form, mode) => `cxhub:draft:${form.dataset.draftKey}:${mode}:`;
  const unsaved = (form, mode) => {
    try {
      const prefix = prefixOf(form, mode);
      const found = Object.keys(localStorage).filter((key) => key.startsWith(prefix)).map((key) => ({ key, ...JSON.parse(localStorage[key]) }));
      return found.find(({ key }) => key === prefix + tab) || found.sort((one, other) => other.at - one.at)[0];
    } catch {
      return undefined;
    }
  };
  const remember = (form, said) => {
    // A full or closed store: the field still holds the text.
    try { localStorage[prefixOf(form, said.mode) + tab] = JSON.stringify({ ...said, at: Date.now() }); } catch { /* as said */ }
  };
  const forget = (form, mode, text) => {
    try {
      Object.keys(localStorage).filter((key) => key.startsWith(prefixOf(form, mode))).forEach((key) => {
        if (key.endsWith(tab) || JSON.parse(localStorage[key]).text === text) localStorage.removeItem(key);
      });
    } catch { /* closed: nothing was kept there either */ }
  };

  // What the hub holds, by mode: {text, version, key, quote}.
  const EMPTY = { text: "", version: "", key: "", quote: "" };
  const held = new WeakMap();
  const heldOf = (form, mode = form.dataset.mode) => ({ ...EMPTY, ...held.get(form)[mode] });
  const hold = (form, mode, draft) => { held.get(form)[mode] = { ...EMPTY, ...draft }; if (mode === form.dataset.mode) form.elements.draft.value = draft.version || ""; };
  const saidIn = (form) => ({ mode: form.dataset.mode, text: textOf(form).value, key: form.elements.key.value, quote: form.elements.quote.value });
  const isHeld = (form, said) => {
    const was = heldOf(form, said.mode);
    return said.text === was.text && (!said.text || said.quote === was.quote);
  };
  const isClean = (form) => isHeld(form, saidIn(form));

  const tell = (form, name) => {
    const place = form.querySelector("[data-draft-state]");
    place.textContent = name ? place.dataset[name] : "";
  };
  const put = (form, draft) => {
    textOf(form).value = draft.text;
    // Where she goes on writing.
    textOf(form).setSelectionRange(draft.text.length, draft.text.length);
    form.elements.key.value = draft.key || newKey();
    form.elements.quote.value = draft.text ? draft.quote || "" : "";
    form.dispatchEvent(new CustomEvent("composer:put", { bubbles: true }));
  };

  const clash = (form, other) => {
    const bar = form.querySelector("[data-clash]");
    form.clashing = other;
    bar.hidden = !other;
    if (other) {
      bar.querySelector("[data-clash-text]").textContent = other.text ? bar.dataset.changed : bar.dataset.gone;
      bar.querySelector("[data-clash-other]").textContent = other.text;
      bar.querySelector("[data-clash-take]").hidden = !other.text;
      tell(form, "here");
    }
  };

  const timers = new WeakMap();
  const saving = new WeakMap();
  const saveLater = (form, after = SAVE_AFTER_MS) => {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => save(form), after));
  };

  const post = (form, said, base) => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...said, base })) body.set(name, value);
    const headers = { "HX-Request": "true", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    return fetch(form.dataset.draftUrl, { method: "POST", body, headers, keepalive: true });
  };

  const saveOnce = async (form, said) => {
    const base = heldOf(form, said.mode).version;
    try {
      const response = await post(form, said, base);
      if (response.redirected || ![200, 409].includes(response.status)) throw new Error("not kept");
      const answer = await response.json();
      const isStill = form.dataset.mode === said.mode;
      if (response.status === 409 && answer.text !== said.text) { if (isStill) clash(form, answer); return; }
      hold(form, said.mode, { ...said, version: answer.version });
      forget(form, said.mode, said.text);
      if (isStill) tell(form, said.text ? "saved" : "");
    } catch {
      tell(form, "here");
      saveLater(form, AGAIN_AFTER_MS);
    }
  };

  const save = (form) => {
    clearTimeout(timers.get(form));
    if (form.clashing || form.dataset.busy || isClean(form)) return saving.get(form) || Promise.resolve();
    // One after the other: each needs the version that the one before it has made.
    const said = saidIn(form);
    const mine = (saving.get(form) || Promise.resolve()).then(() => (form.clashing || isHeld(form, said) ? null : saveOnce(form, said)));
    saving.set(form, mine);
    return mine;
  };

  const restore = (form) => {
    const { mode } = form.dataset;
    const was = heldOf(form);
    const mine = unsaved(form, mode);
    clash(form, null);
    form.elements.draft.value = was.version;
    if (!mine?.text || mine.text === was.text) { put(form, was); tell(form, was.text ? "saved" : ""); return; }
    put(form, mine);
    if ((mine.base || "") === was.version) saveLater(form);
    else clash(form, was);
  };

  const begin = (form) => {
    if (held.has(form)) return;
    const told = JSON.parse(form.dataset.drafts);
    held.set(form, told);
    restore(form);
    // A note begun and not a reply: there one goes on.
    if (form.dataset.mode === "reply" && !textOf(form).value && (form.dataset.uploads || "[]") === "[]" && (told.note?.text || unsaved(form, "note")?.text)) {
      form.querySelector("[data-mode-button=note]").click();
      textOf(form).blur();
    }
  };

  document.addEventListener("composer:begin", (event) => begin(event.target));
  document.addEventListener("composer:leave", (event) => save(event.target));
  document.addEventListener("composer:enter", (event) => restore(event.target));
  document.addEventListener("composer:sending", (event) => {
    clearTimeout(timers.get(event.target));
    event.detail.wait.push(saving.get(event.target) || Promise.resolve());
  });
  document.addEventListener("composer:sent", (event) => {
    const form = event.target;
    const { text } = saidIn(form);
    forget(form, form.dataset.mode, text);
    hold(form, form.dataset.mode, EMPTY);
    clash(form, null);
    put(form, EMPTY);
    tell(form, "");
  });
  document.addEventListener("composer:unsent", (event) => saveLater(event.target));
  const changed = (form) => {
    if (!held.has(form)) return;
    if (isClean(form)) { forget(form, form.dataset.mode, textOf(form).value); return; }
    remember(form, { ...saidIn(form), base: heldOf(form).version });
    if (!form.clashing) { tell(form, ""); saveLater(form); }
  };
  document.addEventListener("input", (event) => { if (event.target.matches("[data-composer] [data-text]")) changed(event.target.form); });
  document.addEventListener("composer:quoted", (event) => changed(event.target));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") document.querySelectorAll("[data-composer]").forEach(save);
  });
  addEventListener("online", () => document.querySelectorAll("[data-composer]").forEach((form) => saveLater(form, 0)));

  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-composer]");
    const isTaken = event.target.closest("[data-clash-take]");
    if (!form?.clashing || !(isTaken || event.target.closest("[data-clash-keep]"))) return;
    const other = form.clashing;
    clash(form, null);
    if (isTaken) forget(form, form.dataset.mode, textOf(form).value);
    hold(form, form.dataset.mode, other);
    if (isTaken) { put(form, other); tell(form, "saved"); } else saveLater(form, 0);
    textOf(form).focus();
  });

  // Another page of hers has changed a draft of this ticket.
  document.addEventListener("hub:hint", async (event) => {
    const { group, what } = event.detail;
    const form = document.querySelector("[data-composer]");
    if (group !== "person" || what.kind !== "draft" || what.ticket !== form?.dataset.draftKey || !held.has(form)) return;
    await saving.get(form);
    if (form.dataset.busy || heldOf(form, what.mode).version === what.version) return;
    const response = await fetch(form.dataset.draftUrl, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const now = { ...EMPTY, ...(await response.json())[what.mode] };
    await saving.get(form);
    if (form.dataset.busy || heldOf(form, what.mode).version === now.version) return;
    const isOpen = what.mode === form.dataset.mode;
    const wasClean = isOpen && isClean(form);
    if (!isOpen || wasClean || now.text === textOf(form).value) hold(form, what.mode, now);
    if (wasClean) { put(form, now); tell(form, now.text ? "saved" : ""); }
    else if (isOpen && now.text !== textOf(form).value) clash(form, now);
  });
})();
