/* Labelled fields, and the consent to what is typed into them: what is collected, why, and how long it is kept. */

let fieldsMade = 0;

/* `note` stands behind the label: that it must be filled, or need not be. */
const field = (words, label, control, isRequired, note = isRequired ? words.required : words.optional) => {
  fieldsMade += 1;
  control.id = `field-${fieldsMade}`;
  if (isRequired) control.setAttribute("aria-required", "true");
  return element(
    "label", { for: control.id, class: "field" },
    element("span", {}, label, element("small", {}, ` ${note}`)), control,
  );
};

const CONTACTS = {
  name: { autocomplete: "name", maxlength: "60" },
  phone: { type: "tel", inputmode: "tel", autocomplete: "tel", maxlength: "30" },
  email: { type: "email", inputmode: "email", autocomplete: "email", maxlength: "200" },
};

const contactControl = (name) => element("input", { name, ...CONTACTS[name] });

const topicControl = (words, topics) =>
  element(
    "select", { name: "topic" },
    element("option", { value: "" }, words.topicNone),
    ...topics.map(([slug, name]) => element("option", { value: slug }, name)),
  );

/* "3년", "18개월" */
const keptFor = (words, months) => (months % 12 ? words.months(months) : words.years(months / 12));

const consentTo = (words, settings, names, canRefuse) => {
  const box = element("input", { type: "checkbox", name: "agreed" });
  fieldsMade += 1;
  box.id = `field-${fieldsMade}`;
  const items = names.map((name) => words.contact[name]).join(", ");
  const what = element(
    "p", { class: "aside", id: `${box.id}-what` },
    words.consent(items, keptFor(words, settings.kept_months)), " ", canRefuse ? words.consentFree : words.consentNeeded,
  );
  box.setAttribute("aria-describedby", what.id);
  if (settings.privacy_url) {
    what.append(" ", element("a", { href: settings.privacy_url, target: "_blank", rel: "noopener noreferrer" }, words.privacy));
  }
  return { box, part: element("div", { class: "consent" }, element("label", { for: box.id }, box, element("span", {}, words.agree)), what) };
};

/* `send()` answers what is wrong and where, as {text, at}, or nothing. While it works the button is shut. */
const formOf = ({ title, why, parts, action, other, send }) => {
  fieldsMade += 1;
  const heading = element("strong", { id: `title-${fieldsMade}` }, title);
  const problem = element("p", { class: "problem", role: "alert", id: `problem-${fieldsMade}` });
  const button = element("button", { type: "submit", class: "primary" }, action);
  const form = element(
    "form", { "aria-labelledby": heading.id, novalidate: true },
    heading, ...(why ? [element("p", { class: "aside" }, why)] : []), ...parts, problem,
    element("div", { class: "choices" }, button, ...(other ? [element("button", { type: "button", class: "link", on: { click: other.act } }, other.label)] : [])),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    form.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
    const wrong = await send();
    button.disabled = false;
    problem.textContent = wrong ? wrong.text : "";
    if (!wrong?.at) return;
    wrong.at.setAttribute("aria-invalid", "true");
    wrong.at.focus();
  });
  return form;
};
