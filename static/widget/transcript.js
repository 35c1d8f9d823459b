/* The conversation by mail: a small button in the panel's head that unfolds one field. Only where the hub can send. */

const SENT_SHOWN_MS = 4_000;

/* `ask({ email, language })` gives { ok, answer }. */
const openTranscript = ({ words, language, panel, ask, onUnfold }) => {
  let timer = 0;
  const put = (part, isInFront) => {
    clearTimeout(timer);
    panel.unfold(part, { isInFront });
    button.setAttribute("aria-expanded", String(isInFront));
  };
  const fold = () => put(null, false);

  const formFor = () => {
    const address = contactControl("email");
    return formOf({
      title: words.transcript,
      parts: [field(words, words.transcriptAddress, address, true)],
      action: words.transcriptSend,
      other: { label: words.transcriptClose, act: () => { fold(); button.focus(); } },
      send: async () => {
        const email = address.value.trim();
        if (!email || !address.checkValidity()) return { text: words.transcriptWrong, at: address };
        const { ok, answer } = await ask({ email, language });
        if (!ok) return { text: words.errors[answer.code] || answer.detail || words.transcriptFailed, at: address };
        put(element("p", { role: "status" }, words.transcriptSent), false);
        timer = setTimeout(fold, SENT_SHOWN_MS);
        panel.focus();
        return null;
      },
    });
  };
  const toggle = () => {
    if (button.getAttribute("aria-expanded") === "true") { fold(); return; }
    onUnfold();
    put(formFor(), true);
    panel.focus();
  };
  const button = element("button", { type: "button", class: "closer", "aria-label": words.transcript, title: words.transcript, "aria-expanded": "false", hidden: true, on: { click: toggle } }, icon(ICONS.mail));
  panel.addTool(button);
  return { fold, offer: (can) => { button.hidden = !can; if (!can) fold(); } };
};
