/* How it was, asked where it ended: one of five, and a sentence if she likes. Writing on takes the question away. */

const surveyForm = ({ words, onRate, onLater, given }) => {
  fieldsMade += 1;
  const name = `score-${fieldsMade}`;
  const comment = element("textarea", { name: "comment", rows: "2", maxlength: "1000" });
  const more = element("div", { hidden: true }, field(words, words.surveyComment, comment, false));
  const scores = [1, 2, 3, 4, 5].map((score) => element("input", { type: "radio", name, value: String(score), "aria-label": words.scores[score - 1] }));
  const said = element("p", { class: "aside", "aria-hidden": "true" }, given ? words.scores[given.score - 1] : words.surveyEnds);
  if (given) {
    scores[given.score - 1].checked = true;
    comment.value = given.comment;
    more.hidden = false;
  }
  scores.forEach((score) => score.addEventListener("change", () => {
    more.hidden = false;
    said.textContent = words.scores[Number(score.value) - 1];
  }));
  return formOf({
    title: given ? words.surveyChangeTitle : words.surveyTitle,
    parts: [
      element(
        "div", { class: "scores", role: "radiogroup", "aria-label": words.surveyTitle },
        ...scores.map((score) => element("label", { class: "score" }, score, element("span", { "aria-hidden": "true" }, score.value))),
      ),
      said, more,
    ],
    action: words.surveySend,
    other: { label: given ? words.surveyKeep : words.surveyLater, act: onLater },
    send: async () => {
      const chosen = scores.find((score) => score.checked);
      if (!chosen) return { text: words.surveyMissing, at: scores[0] };
      const wrong = await onRate(Number(chosen.value), comment.value);
      return wrong ? { text: wrong } : null;
    },
  });
};

/* What she has answered, as long as she may think better of it. */
const ratedNotice = ({ words, score, onChange, onClose }) => element(
  "div", { class: "rated", role: "status" },
  element("span", {}, words.surveyGiven(score)),
  element("button", { type: "button", class: "link", on: { click: onChange } }, words.surveyChange),
  element("button", { type: "button", class: "link", on: { click: onClose } }, words.surveyClose),
);
