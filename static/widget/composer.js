/* The box she writes in. Enter sends, Shift+Enter breaks the line.

   During Hangul composition Enter first ends the syllable. Sending right then drops it or sends it twice, so what
   Enter asked for is done once the composition has ended and the box holds the finished syllable. Some systems send
   a second Enter or a line break after that: an empty box sends nothing and takes no line break. */

const openComposer = ({ words, onSend, onTyping, files, memory }) => {
  let isComposing = false;
  let isSendDue = false;
  let isShiftHeld = false;

  const box = element("textarea", {
    rows: "1",
    "aria-label": words.box,
    "aria-describedby": "hint problem",
    placeholder: words.placeholder,
    enterkeyhint: "send",
    autocomplete: "off",
  });
  const button = element("button", { type: "submit", class: "send", "aria-label": words.send }, icon(ICONS.send));
  const problem = element("p", { id: "problem", class: "problem", role: "alert" });
  const hint = element("p", { id: "hint", class: "aside" }, words.hint);
  const tray = openTray({ words, files, memory, changed: () => fit() });
  const form = element("form", { class: "composer" }, problem, tray.tray, element("div", { class: "line" }, tray.button, tray.choice, box, button), hint);

  const fit = () => {
    /* The style attribute is closed by strict policies, the property is not. */
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 132)}px`;
    form.toggleAttribute("data-empty", !box.value.trim() && tray.isEmpty());
  };

  const send = () => {
    isSendDue = false;
    const text = box.value.trim();
    if (tray.isBusy()) { problem.textContent = words.filesBusy; return; }
    if (!text && tray.isEmpty()) { if (box.value) { box.value = ""; fit(); } return; }
    const tooMany = [...text].length - MAX_CHARACTERS;
    if (tooMany > 0) { problem.textContent = words.tooLong(tooMany, MAX_CHARACTERS); return; }
    problem.textContent = "";
    box.value = "";
    fit();
    onSend(text, tray.take());
  };

  box.addEventListener("compositionstart", () => { isComposing = true; });
  box.addEventListener("compositionend", () => {
    isComposing = false;
    /* Safari writes the syllable into the box only after this event. */
    if (isSendDue) setTimeout(send, 0);
  });
  box.addEventListener("keydown", (event) => {
    isShiftHeld = event.shiftKey;
    /* 229: an input method took the key; that it was Enter is told by `code` then. */
    const isEnter = event.key === "Enter" || (event.keyCode === 229 && event.code === "Enter");
    if (!isEnter || event.shiftKey) { isSendDue = false; return; }
    if (event.isComposing || isComposing) { isSendDue = true; return; }
    event.preventDefault();
    send();
  });
  box.addEventListener("beforeinput", (event) => {
    const isBreak = event.inputType === "insertLineBreak" || event.inputType === "insertParagraph";
    if (!isBreak || isShiftHeld) return;
    /* Keyboards of phones tell nothing of their keys; the line break is what is left of Enter. */
    event.preventDefault();
    if (!isComposing && !isSendDue) send();
  });
  box.addEventListener("paste", tray.paste);
  box.addEventListener("input", () => { problem.textContent = ""; fit(); if (box.value.trim()) onTyping(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isComposing) { isSendDue = true; box.blur(); } else send();
    box.focus();
  });
  fit();

  return {
    form,
    focus: () => box.focus(),
    putBack: (text) => { box.value = box.value.trim() ? `${text}\n${box.value}` : text; fit(); box.focus(); },
    /* Whether she has begun a message. */
    hasText: () => Boolean(box.value.trim()) || tray.hasFiles(),
    renewFiles: tray.renew,
    restoreFiles: tray.restore,
    filesSent: tray.sent,
    complain: (text) => { problem.textContent = text; },
  };
};
