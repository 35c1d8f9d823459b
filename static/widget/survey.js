/* How it was, asked where it ended: one of five, and a sentence if she likes. Writing on takes the question away. */

const surveyForm = ({ words, onRate, onLater }) => {
  fieldsMade += 1;
  const name = `score-${fieldsMade}`;
  const comment = element("textarea", { name: "comment", rows: "2", maxlength: "1000" });
  const more = element("div", { hidden: true }, field(words, words.surveyComment, comment, false));
  const scores = [1, 2, 3, 4, 5].map((score) => element("input", { type: "radio", name, value: String(score), "aria-label": words.scores[score - 1] }));
  const said = element("p", { class: "aside", "aria-hidden": "true" }, words.surveyEnds);
  scores.forEach((score) => score.addEventListener("change", () => {
    more.hidden = false;
    said.textContent = words.scores[Number(score.value) - 1];
  }));
  return formOf({
    title: words.surveyTitle,
    parts: [
      element(
        "div", { class: "scores", role: "radiogroup", "aria-label": words.surveyTitle },
        ...scores.map((score) => element("label", { class: "score" }, score, element("span", { "aria-hidden": "true" }, score.value))),
      ),
      said, more,
    ],
    action: words.surveySend,
    other: { label: words.surveyLater, act: onLater },
    send: async () => {
      const chosen = scores.find((score) => score.checked);
      if (!chosen) return { text: words.surveyMissing, at: scores[0] };
      const wrong = await onRate(Number(chosen.value), comment.value);
      return wrong ? { text: wrong } : null;
    },
  });
};
