// One's own note, changed where it stands. Ctrl+Enter (⌘) saves, Escape leaves it as it was.
(() => {
  const before = new WeakMap();
  const lineOf = (element) => element.closest("[data-note-line]");
  const bodyOf = (line) => line.querySelector("[data-note-body]");

  const open = async (button) => {
    const line = lineOf(button);
    if (before.has(line)) return;
    const response = await fetch(button.dataset.editNote, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const body = bodyOf(line);
    before.set(line, [...body.childNodes]);
    body.replaceChildren(document.createRange().createContextualFragment(await response.text()));
    const field = body.querySelector("textarea");
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  };

  const close = (line) => {
    bodyOf(line).replaceChildren(...(before.get(line) || []));
    before.delete(line);
    line.querySelector("[data-edit-note]")?.focus();
  };

  const save = async (form) => {
    const line = lineOf(form);
    const problem = form.querySelector("[data-edit-problem]");
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
      if (response.status === 204) {
        close(line);
        line.dispatchEvent(new CustomEvent("hub:note-edited", { bubbles: true }));
        return;
      }
      const fresh = response.status === 422 && document.createRange().createContextualFragment(await response.text());
      problem.textContent = fresh ? fresh.querySelector("[data-edit-problem]").textContent : form.dataset.textFailed;
    } catch {
      problem.textContent = form.dataset.textFailed;
    }
    problem.hidden = false;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-edit-note]");
    if (button) { event.preventDefault(); open(button); }
    if (event.target.closest("[data-edit-cancel]")) close(lineOf(event.target));
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-note-line] [data-edit-form]")) return;
    event.preventDefault();
    save(event.target);
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("[data-note-line] [data-edit-form]");
    if (!form || event.isComposing) return;
    if (event.key === "Escape") { event.preventDefault(); close(lineOf(form)); }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
})();
