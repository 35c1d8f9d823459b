// Tells the person when a request of htmx failed; the words stand on #toasts.
(() => {
  const words = () => document.getElementById("toasts").dataset;
  const toast = (text) => document.dispatchEvent(new CustomEvent("hub:toast", { detail: { text, level: "error" } }));

  document.addEventListener("htmx:sendError", () => toast(words().textOffline));
  document.addEventListener("htmx:timeout", () => toast(words().textOffline));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    const text = {
      401: words().textLogin,
      403: words().textForbidden,
      404: words().textGone,
      410: words().textGone,
      429: words().textSlowDown,
    }[status];
    toast(text || words().textFailed);
  });
})();
