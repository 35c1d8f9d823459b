// Shows in [data-widget-preview] what is typed into form[data-widget-form], in the language that is chosen.
(() => {
  document.addEventListener("DOMContentLoaded", () => {
    const preview = document.querySelector("[data-widget-preview]");
    const form = document.querySelector("form[data-widget-form]");
    const buttons = [...document.querySelectorAll("[data-preview-language]")];
    const show = () => {
      const { language } = preview.dataset;
      preview.dataset.name = form.elements.name.value;
      preview.dataset.greeting = form.elements[`greeting_${language}`].value || form.elements.greeting_ko.value;
    };
    form.addEventListener("input", show);
    buttons.forEach((button) => button.addEventListener("click", () => {
      preview.dataset.language = button.dataset.previewLanguage;
      buttons.forEach((other) => {
        other.classList.toggle("btn-active", other === button);
        other.setAttribute("aria-pressed", String(other === button));
      });
      show();
    }));
  });
})();
