/* The form before the chat: what the shop asks, each optional or required; nothing of it proves who she is. */

/* Which of what is asked is still to be asked of her, in this conversation. */
const stillAsked = (session, memory) => {
  if (session.messages.length) return [];
  return Object.entries(session.settings.asks).filter(([name, how]) => {
    if (name === "topic") return !memory.choice(`topic:${session.conversation}`);
    if (session.verified || session.told.includes(name)) return false;
    return how === "required" || !memory.choice("contact");
  });
};

const preChatForm = ({ words, session, asked, onTell, onDone, onSkip }) => {
  const { settings } = session;
  const isFree = asked.every(([, how]) => how !== "required");
  const controls = Object.fromEntries(asked.map(([name]) => [name, name === "topic" ? topicControl(words, settings.topics) : contactControl(name)]));
  const names = asked.map(([name]) => name).filter((name) => name !== "topic");
  const consent = names.length ? consentTo(words, settings, names, isFree) : null;
  return formOf({
    title: words.beforeTitle,
    why: names.length ? words.beforeWhy : "",
    parts: [
      element("div", { class: "fields" }, ...asked.map(([name, how]) => field(words, words.contact[name], controls[name], how === "required"))),
      ...(consent ? [consent.part] : []),
    ],
    action: words.beforeSend,
    other: isFree && { label: words.beforeSkip, act: onSkip },
    send: async () => {
      const told = Object.fromEntries(Object.entries(controls).map(([name, control]) => [name, control.value.trim()]));
      const missing = asked.find(([name, how]) => how === "required" && !told[name]);
      if (missing) return { text: words.missing(words.contact[missing[0]]), at: controls[missing[0]] };
      const isTelling = names.some((name) => told[name]);
      if (!isTelling && !told.topic) { onSkip(); return null; }
      if (isTelling && !consent.box.checked) return { text: words.agreeFirst, at: consent.box };
      const wrong = await onTell({ ...told, agreed: isTelling });
      if (wrong) return { text: wrong.text, at: controls[wrong.field] };
      onDone(isTelling);
      return null;
    },
  });
};
