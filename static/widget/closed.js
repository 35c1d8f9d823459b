/* Out of hours: when people are back, and a form that leaves a message and a way to reach her. The message is one of
   the conversation's, so what she writes on afterwards and what is answered stand under it. */

const isClosedFormDue = (session, state, memory) =>
  session.settings.closed_form && state.closed && state.status !== "assigned" && state.status !== "waiting" &&
  !session.verified && !session.told.includes("phone") && !session.told.includes("email") &&
  memory.choice("closed") !== session.conversation;

const closedForm = ({ words, session, back, onTell, onSay, onDone, onSkip }) => {
  const message = element("textarea", { name: "message", rows: "3", maxlength: String(MAX_CHARACTERS) });
  const controls = { phone: contactControl("phone"), email: contactControl("email") };
  const consent = consentTo(words, session.settings, ["phone", "email"], true);
  return formOf({
    title: words.closedTitle,
    why: words.closedWhy(back),
    parts: [
      field(words, words.closedMessage, message, true),
      element("div", { class: "fields" }, ...["phone", "email"].map((name) => field(words, words.contact[name], controls[name], false, words.oneOfTwo))),
      consent.part,
    ],
    action: words.closedSend,
    other: { label: words.closedSkip, act: () => onSkip(message.value.trim()) },
    send: async () => {
      const told = { phone: controls.phone.value.trim(), email: controls.email.value.trim() };
      if (!message.value.trim()) return { text: words.missing(words.closedMessage), at: message };
      if (!told.phone && !told.email) return { text: words.closedEither, at: controls.phone };
      if (!consent.box.checked) return { text: words.agreeFirst, at: consent.box };
      const wrong = await onTell({ ...told, agreed: true });
      if (wrong) return { text: wrong.text, at: controls[wrong.field] };
      onSay(message.value.trim());
      onDone(told.phone || told.email);
      return null;
    },
  });
};
