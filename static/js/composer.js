// Writes answers and notes. A text stays in the field until the hub has acknowledged it; sent again, it carries the same
// key, and the hub takes it once. Enter sends, but never in the middle of a syllable. static/js/drafts.js keeps the text.
(() => {
  const formOf = (element) => element.closest("[data-composer]");
  const textOf = (form) => form.querySelector("[data-text]");
  const say = (form, name, detail) => form.dispatchEvent(new CustomEvent(`composer:${name}`, { bubbles: true, detail }));

  const grow = (field) => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  };

  const setMode = (form, mode) => {
    if (form.dataset.mode !== mode) {
      say(form, "leave");
      form.dataset.mode = mode;
      say(form, "enter");
      tellMeanwhile(form, "");
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
    say(form, "sent");
    tellMeanwhile(form, "");
    form.querySelector("[data-due]").value = "";
    form.dispatchEvent(new CustomEvent("hub:written", { bubbles: true }));
  };

  // A colleague was first: what she wrote is fetched, and this text waits for a decision.
  const tellMeanwhile = (form, text, seen = "") => {
    const bar = form.querySelector("[data-meanwhile]");
    bar.hidden = !text;
    bar.querySelector("[data-meanwhile-text]").textContent = text;
    bar.dataset.seen = seen;
  };
  const refused = async (form, response) => {
    tellMeanwhile(form, await response.text(), response.headers.get("X-Seen"));
    form.dispatchEvent(new CustomEvent("hub:refused", { bubbles: true }));
  };

  const problemOf = async (form, response) => {
    if (response.redirected || response.status === 401) return form.dataset.textLogin;
    if (response.status === 422) return response.text();
    return form.dataset.textFailed;
  };

  const send = async (form, url, { isAnyhow = false } = {}) => {
    const isWrapUp = url !== form.action;
    const hasFiles = form.dataset.mode === "reply" && form.querySelector("[data-file]");
    if (form.dataset.busy || (!isWrapUp && !textOf(form).value.trim() && !hasFiles)) return;
    setBusy(form, true);
    showFailed(form, "");
    try {
      const wait = [];
      say(form, "sending", { wait });
      await Promise.all(wait);
      const pane = form.closest("[data-conversation]");
      // What was before her eyes; or what the refusal has told her, where she sends all the same.
      form.elements.seen.value = Math.max(Number(pane.dataset.seenSeq), isAnyhow ? Number(form.querySelector("[data-meanwhile]").dataset.seen) : 0);
      const response = await fetch(url, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
      if (response.status === 204) { if (isWrapUp) say(form, "wrapped-up"); acknowledged(form); }
      else if (response.status === 409) await refused(form, response);
      else showFailed(form, await problemOf(form, response));
    } catch (error) {
      // What was waited for may have said why by itself.
      showFailed(form, error.told || form.dataset.textOffline);
    } finally {
      setBusy(form, false);
      if (textOf(form).value) say(form, "unsent");
      textOf(form).focus({ preventScroll: true });
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-composer]")) return;
    event.preventDefault();
    const button = event.submitter;
    send(form, button?.hasAttribute("formaction") ? button.formAction : form.action, { isAnyhow: Boolean(button?.matches("[data-anyhow]")) });
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
  });
  document.addEventListener("composer:put", (event) => grow(textOf(event.target)));
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
    say(form, "begin");
  };
  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("htmx:afterSettle", prepare);
})();
