/* Which form stands over the box she writes in: the satisfaction at the end, the form out of hours, the one before the
   chat, or none. Drawn anew only when another is due, so that nothing she is typing is lost. */

const THANKS_MS = 6_000;

const openNotices = ({ words, panel, memory, conversation, say, backOf }) => {
  let session = null;
  let state = {};
  let shown = "";
  let isThanking = false;
  let thanksTimer = 0;
  let noted = "";

  const tell = async (about) => {
    const { ok, answer } = await conversation.tellAbout({ ...about, language: words === WORDS.en ? "en" : "ko" });
    if (ok) { session.told = answer.told; return null; }
    return { text: words.errors[answer.code] || answer.detail || words.failed, field: (answer.code || "").replace("bad_", "") };
  };

  const thank = (text, stays = false) => {
    isThanking = true;
    clearTimeout(thanksTimer);
    panel.showNotice(element("p", { role: "status" }, text));
    shown = "thanks";
    panel.focus();
    if (!stays) thanksTimer = setTimeout(() => { isThanking = false; look(); }, THANKS_MS);
  };
  const past = () => { look(); panel.focus(); };

  const survey = () => {
    const ticket = state.survey;
    return surveyForm({
      words,
      onLater: () => { memory.keepChoice(`survey:${ticket}`, "later"); past(); },
      onRate: async (score, comment) => {
        const { ok, answer } = await conversation.survey({ ticket, score, comment });
        if (ok) thank(words.surveyThanks(answer.state.score));
        return ok ? "" : words.errors[answer.code] || answer.detail || words.failed;
      },
    });
  };
  const rated = () => {
    const ticket = state.rated;
    return ratedNotice({
      words, score: state.score,
      onChange: () => { shown = `change:${ticket}`; panel.showNotice(changed(ticket)); panel.focus(); },
      onClose: () => { memory.keepChoice(`rated:${ticket}`, "closed"); past(); },
    });
  };
  const changed = (ticket) => surveyForm({
    words, given: { score: state.score, comment: state.comment || "" },
    onLater: () => { shown = ""; past(); },
    onRate: async (score, comment) => {
      const { ok, answer } = await conversation.survey({ ticket, score, comment });
      if (ok) thank(words.surveyThanks(answer.state.score));
      return ok ? "" : words.errors[answer.code] || answer.detail || words.failed;
    },
  });
  const closed = () => {
    const back = backOf(state);
    return closedForm({
      words, session, back,
      onTell: tell,
      onSay: say,
      onDone: (reach) => { memory.keepChoice("contact", "told"); thank(words.closedThanks(reach), true); },
      onSkip: (text) => { memory.keepChoice("closed", session.conversation); if (text) panel.composer.putBack(text); past(); },
    });
  };
  const before = (asked) => preChatForm({
    words, session, asked,
    onTell: tell,
    onDone: (isTelling) => { keep(isTelling ? "told" : "skipped"); thank(words.beforeThanks); },
    onSkip: () => { keep("skipped"); past(); },
  });
  const keep = (how) => { memory.keepChoice("contact", how); memory.keepChoice(`topic:${session.conversation}`, how); };

  const look = () => {
    if (!session || isThanking) return;
    const asked = stillAsked(session, memory);
    if (state.rated && shown === `change:${state.rated}`) return;
    const isRated = state.survey && !memory.choice(`survey:${state.survey}`);
    const isChangeable = state.rated && !memory.choice(`rated:${state.rated}`);
    /* Who was quicker than the session keeps the box she has begun to write in. */
    const isWriting = panel.composer.hasText() || conversation.waiting().length > 0;
    const isClosed = (shown === "closed" || !isWriting) && isClosedFormDue(session, state, memory);
    const isDue = asked.length > 0 && state.status === "none";
    const next = isRated ? `survey:${state.survey}` : isClosed ? "closed" : isDue ? "before" : isChangeable ? `rated:${state.rated}` : "";
    if (next === shown) return;
    shown = next;
    if (isRated) panel.showNotice(survey());
    else if (isClosed) panel.showNotice(closed(), { isInPlace: true });
    else if (isDue) panel.showNotice(before(asked), { isInPlace: !isWriting && asked.some(([, how]) => how === "required") });
    else if (isChangeable) panel.showNotice(rated());
    else panel.showNotice(null);
    noteAsked();
  };
  /* Asked is what stood before her eyes; the hub counts it once. */
  const noteAsked = () => {
    if (!shown.startsWith("survey:") || shown === noted || !panel.isRead()) return;
    noted = shown;
    conversation.survey({ ticket: state.survey });
  };

  return {
    session: (next) => { session = next; isThanking = false; clearTimeout(thanksTimer); },
    state: (next) => {
      /* When people are back is true no more once they are. */
      const isOver = next.closed !== state.closed || (next.status !== state.status && !(state.status === "none" && next.status === "waiting"));
      if (isOver) isThanking = false;
      state = next;
      look();
    },
    opened: () => noteAsked(),
    /* Another conversation: what stood over the one before is gone. */
    clear: () => { session = null; state = {}; isThanking = false; shown = ""; panel.showNotice(null); },
    spoke: () => { if (session) session.messages = [true]; },
  };
};
