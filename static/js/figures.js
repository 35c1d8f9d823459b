// The dashboard: own days are asked for only where they are wanted, what is chosen within a part stands in the address too, a
// part that could not be fetched says so, and print prints.
(() => {
  const form = () => document.querySelector("[data-figures-form]");
  const showOwn = () => {
    const period = form()?.querySelector("[data-figures-period]");
    if (!period) return;
    const own = form().querySelector("[data-figures-own]");
    own.hidden = period.value !== "own";
    own.querySelectorAll("input").forEach((input) => { input.disabled = own.hidden; });
  };

  document.addEventListener("change", (event) => {
    if (!event.target.closest("[data-figures-form]")) return;
    // Whoever types days is not done after the first.
    if (event.target.matches("[data-figures-period]")) showOwn();
    if (event.target.matches("select") && event.target.value !== "own") form().requestSubmit();
  });

  const tell = (event, hasFailed) => {
    const part = event.detail?.target?.closest?.("[data-part]");
    const error = part?.querySelector("[data-part-error]");
    if (!error) return;
    error.hidden = !hasFailed;
    part.querySelector("[data-part-loading]").hidden = hasFailed;
  };
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, (event) => tell(event, true)));
  document.addEventListener("htmx:beforeRequest", (event) => tell(event, false));

  // What somebody chose in a part: in the address, so that it can be sent, and with the next choice of a period.
  document.addEventListener("htmx:afterSwap", (event) => {
    const part = event.detail.target.closest?.("[data-part]");
    const chosen = part?.querySelector("[data-chosen]")?.dataset.chosen;
    if (!chosen || event.detail.requestConfig?.elt === part) return;
    const page = new URL(location), exported = document.querySelector("[data-figures-export]"), file = new URL(exported.href);
    new URLSearchParams(chosen).forEach((value, name) => {
      [page, file].forEach((url) => url.searchParams.set(name, value));
      const input = form().querySelector(`input[name="${name}"]`);
      input.value = value;
      input.disabled = false;
    });
    exported.href = file;
    history.replaceState(history.state, "", page);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-part-again]")) htmx.trigger(event.target.closest("[data-part]"), "again");
    if (event.target.closest("[data-print]")) print();
    // One explanation at a time.
    document.querySelectorAll("[data-figures] details[open].static").forEach((open) => { if (!open.contains(event.target)) open.open = false; });
  });

  // Somebody who reads an explanation keeps it: what is new comes when she has closed it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.matches("#figures-head, #figures-waiting") && event.detail.target.querySelector("details[open]")) event.detail.shouldSwap = false;
  });

  document.addEventListener("DOMContentLoaded", () => {
    showOwn();
    document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
  });
})();
