/* On the settings screen: the panel in its place on the page, without a hub behind it. `data-settings` holds what a
   session would tell of them, `data-screen` which moment is shown. */

const PREVIEW_STATES = {
  chat: { status: "none" },
  before: { status: "none" },
  closed: { status: "none", closed: true },
  after: { status: "resolved", survey: "preview" },
};

const startPreview = (place) => {
  const nothing = () => {};
  const colors = openColors(place.dataset.color);
  const make = () => {
    if (!place.dataset.settings) return; /* the page has not told yet */
    const language = place.dataset.language === "en" ? "en" : "ko";
    const words = WORDS[language];
    const settings = JSON.parse(place.dataset.settings);
    const state = PREVIEW_STATES[place.dataset.screen] || PREVIEW_STATES.chat;
    const panel = openPanel({ words, language, onSend: nothing, onOpen: nothing, onClose: nothing, onRetry: nothing, onRewrite: nothing, onTyping: nothing, onList: nothing, onSound: nothing, files: {} });
    const session = { settings, told: [], verified: false, messages: [], conversation: "preview" };
    const memory = { choice: () => null };
    colors.set(settings.color);
    place.replaceChildren(build(panel.parts, colors, { preview: true }));
    panel.parts[0].hidden = false;
    panel.parts[0].inert = true;
    panel.introduce(settings.name, settings.greeting);
    panel.tellSound(true, settings.sound);
    panel.tellStatus(state.closed ? words.closed("") : words[state.status], state.status, false);
    const asked = stillAsked(session, memory);
    if (state.survey) panel.showNotice(settings.survey ? surveyForm({ words }) : null);
    else if (state.closed && settings.closed_form) panel.showNotice(closedForm({ words, session, back: "" }), { isInPlace: true });
    else if (place.dataset.screen === "before" && asked.length) {
      panel.showNotice(preChatForm({ words, session, asked }), { isInPlace: asked.some(([, how]) => how === "required") });
    }
  };
  make();
  new MutationObserver(make).observe(place, { attributes: true, attributeFilter: ["data-settings", "data-screen", "data-language"] });
};
