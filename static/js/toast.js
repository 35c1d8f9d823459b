// Shows short messages: those the page came with, `HX-Trigger: {"toast": {...}}`, and the event "hub:toast".
(() => {
  const STAY_MS = 6000;
  const region = () => document.getElementById("toasts");

  const leaveLater = (toast, stay = STAY_MS) => {
    const leave = () => toast.remove();
    let timer = setTimeout(leave, stay);
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => { timer = setTimeout(leave, stay); });
    toast.querySelector("[data-toast-close]").addEventListener("click", leave);
  };

  // An act on many tickets can be undone for as long as its line stays.
  const offerUndo = (toast, undo) => {
    const button = toast.querySelector("[data-toast-undo]");
    button.hidden = false;
    button.addEventListener("click", () => {
      toast.remove();
      htmx.ajax("POST", "/inbox/many/undo/", { swap: "none", values: { undo } });
    });
  };

  const show = ({ text, level, undo, stay, url }) => {
    const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    toast.dataset.level = level || "info";
    toast.querySelector("[data-toast-text]").textContent = text;
    region().append(toast);
    if (undo) offerUndo(toast, undo);
    if (url) {
      const link = toast.querySelector("[data-toast-open]");
      link.href = url;
      link.hidden = false;
    }
    leaveLater(toast, stay);
  };

  document.addEventListener("hub:toast", (event) => show(event.detail));
  document.addEventListener("toast", (event) => show(event.detail));
  document.addEventListener("DOMContentLoaded", () => region().querySelectorAll("[data-toast]").forEach((toast) => leaveLater(toast)));
})();
