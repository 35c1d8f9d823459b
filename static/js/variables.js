// Puts a variable into the text where the cursor stands: [data-variable] names it, data-into the field.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-variable]");
  if (!button) return;
  const field = document.getElementById(button.dataset.into);
  field.setRangeText(`{{${button.dataset.variable}}}`, field.selectionStart, field.selectionEnd, "end");
  field.focus();
});
