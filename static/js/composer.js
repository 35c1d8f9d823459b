// Writes answers and notes. A text stays in the field and in the browser's store until the hub has acknowledged it;
// sent again, it carries the same key, and the hub takes it once. Enter sends, but never in the middle of a syllable.
(() => {
  const formOf = (element) => element.closest("[data-composer]");
  const textOf = (form) => form.querySelector("[data-text]");
  const storeKey = (form) => `cxhub:draft:${form.dataset.draftKey}:${form.dataset.mode}`;
  // Over plain http to another machine crypto.randomUUID is missing.
  const newKey = () => ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (digit) =>
    (digit ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> digit / 4).toString(16));

  const read = (form) => {
    try { return JSON.parse(localStorage.getItem(storeKey(form))); } catch { return null; }
  };
  const keep = (form) => {
    const text = textOf(form).value;
    try {
      if (text) localStorage.setItem(storeKey(form), JSON.stringify({ text, key: form.elements.key.value }));
      else localStorage.removeItem(storeKey(form));
    } catch {
      // A full or closed store: the field still holds the text.
    }
  };

  const grow = (field) => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  };

  const restore = (form) => {
    const draft = read(form);
    textOf(form).value = draft?.text || "";
    form.elements.key.value = draft?.key || newKey();
    grow(textOf(form));
  };

  const setMode = (form, mode) => {
    if (form.dataset.mode !== mode) {
      keep(form);
      form.dataset.mode = mode;
      restore(form);
    }
    form.action = mode === "reply" ? form.dataset.replyUrl : form.dataset.noteUrl;
    form.querySelectorAll("[data-mode-button]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.modeButton === mode)));
    const label = mode === "reply" ? form.dataset.textReply : form.dataset.textNote;
    textOf(form).placeholder = label;
    textOf(form).setAttribute("aria-label", label);
    form.querySelector("[data-send-label]").textContent = mode === "reply" ? form.dataset.textSend : form.dataset.textSave;
  };

  const showFailed = (form, text) => {
    form.querySelector("[data-failed]").hidden = !text;
    form.querySelector("[data-failed-text]").textContent = text || "";
  };

  const setBusy = (form, isBusy) => {
    form.dataset.busy = isBusy ? "yes" : "";
    textOf(form).readOnly = isBusy;
    form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = isBusy; });
  };

  const acknowledged = (form) => {
    textOf(form).value = "";
    keep(form);
    form.elements.key.value = newKey();
    form.querySelector("[data-due]").value = "";
    grow(textOf(form));
    form.dispatchEvent(new CustomEvent("hub:written", { bubbles: true }));
  };

  const problemOf = async (form, response) => {
    if (response.redirected || response.status === 401) return form.dataset.textLogin;
    if (response.status === 422) return response.text();
    return form.dataset.textFailed;
  };

  const send = async (form, url) => {
    const isWrapUp = url !== form.action;
    if (form.dataset.busy || (!isWrapUp && !textOf(form).value.trim())) return;
    keep(form);
    const body = new FormData(form);
    setBusy(form, true);
    showFailed(form, "");
    try {
      const response = await fetch(url, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (response.status === 204) acknowledged(form);
      else showFailed(form, await problemOf(form, response));
    } catch {
      showFailed(form, form.dataset.textOffline);
    } finally {
      setBusy(form, false);
      textOf(form).focus({ preventScroll: true });
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-composer]")) return;
    event.preventDefault();
    send(form, event.submitter?.hasAttribute("formaction") ? event.submitter.formAction : form.action);
  });

  const isTouch = () => matchMedia("(pointer: coarse)").matches;
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-composer] [data-text]")) return;
    const form = formOf(event.target);
    if (event.key === "Escape") { event.target.blur(); return; }
    if (event.key !== "Enter" || event.shiftKey || event.altKey || isTouch()) return;
    // Enter that ends a Hangul syllable: the syllable arrives with compositionend, and then it is sent.
    if (event.isComposing) { form.dataset.sendAfter = "yes"; return; }
    event.preventDefault();
    send(form, form.action);
  });
  document.addEventListener("compositionend", (event) => {
    if (!event.target.matches("[data-composer] [data-text]")) return;
    const form = formOf(event.target);
    if (form.dataset.sendAfter) {
      form.dataset.sendAfter = "";
      // After the browser has put the syllable, and perhaps the line break, into the field.
      setTimeout(() => {
        textOf(form).value = textOf(form).value.replace(/\n$/, "");
        send(form, form.action);
      });
    }
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-composer] [data-text]")) return;
    grow(event.target);
    keep(formOf(event.target));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mode-button]");
    if (!button) return;
    setMode(formOf(button), button.dataset.modeButton);
    textOf(formOf(button)).focus();
  });

  const prepare = () => {
    const form = document.querySelector("[data-composer]:not([data-is-ready])");
    if (!form) return;
    form.dataset.isReady = "";
    restore(form);
    // A note begun and not a reply: there one goes on.
    if (form.dataset.mode === "reply" && !textOf(form).value) {
      const note = localStorage.getItem(`cxhub:draft:${form.dataset.draftKey}:note`);
      if (note) setMode(form, "note");
    }
  };
  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("htmx:afterSettle", prepare);
})();
