// Shows in [data-widget-preview] what is set in form[data-widget-form]: in the language and at the moment that are chosen.
// Whoever changes what belongs to a moment ([data-preview-screen]) is shown that moment.
(() => {
  const ASKED = ["name", "phone", "email", "topic"];

  const settingsOf = (form, preview) => {
    const fields = form.elements;
    const topics = JSON.parse(preview.dataset.topics);
    const asks = ASKED.map((name) => [name, fields[`asks_${name}`].value])
      .filter(([name, how]) => fields.asks_contact.checked && how !== "off" && (name !== "topic" || topics.length));
    return {
      name: fields.name.value,
      greeting: fields[`greeting_${preview.dataset.language}`].value || fields.greeting_ko.value,
      color: fields.brand_color.value,
      sound: fields.plays_sound.checked,
      asks: Object.fromEntries(asks),
      topics,
      kept_months: Number(fields.contact_kept_months.value) || 1,
      privacy_url: fields.privacy_url.validity.valid ? fields.privacy_url.value : "",
      closed_form: fields.takes_closed_messages.checked,
      survey: fields.asks_satisfaction.checked,
    };
  };

  document.addEventListener("DOMContentLoaded", () => {
    const preview = document.querySelector("[data-widget-preview]");
    const form = document.querySelector("form[data-widget-form]");
    const show = () => { preview.dataset.settings = JSON.stringify(settingsOf(form, preview)); };
    const press = (buttons, pressed) => buttons.forEach((button) => {
      button.classList.toggle("btn-active", button === pressed);
      button.setAttribute("aria-pressed", String(button === pressed));
    });
    const languages = [...document.querySelectorAll("[data-preview-language]")];
    const moments = [...document.querySelectorAll("[data-preview-moment]")];
    const goTo = (moment) => {
      preview.dataset.screen = moment;
      press(moments, moments.find((button) => button.dataset.previewMoment === moment));
    };
    form.addEventListener("input", (event) => {
      const moment = event.target.closest("[data-preview-screen]")?.dataset.previewScreen;
      if (moment) goTo(moment);
      show();
    });
    moments.forEach((button) => button.addEventListener("click", () => goTo(button.dataset.previewMoment)));
    languages.forEach((button) => button.addEventListener("click", () => {
      preview.dataset.language = button.dataset.previewLanguage;
      press(languages, button);
      show();
    }));
    show();
  });
})();
