// Shows short messages: those the page came with, `HX-Trigger: {"toast": {...}}`, and the event "hub:toast".
(() => {
  const STAY_MS = 6000;
  const region = () => document.getElementById("toasts");

  const leaveLater = (toast) => {
    const leave = () => toast.remove();
    let timer = setTimeout(leave, STAY_MS);
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => { timer = setTimeout(leave, STAY_MS); });
    toast.querySelector("[data-toast-close]").addEventListener("click", leave);
  };

  const show = ({ text, level }) => {
    const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    toast.dataset.level = level || "info";
    toast.querySelector("[data-toast-text]").textContent = text;
    region().append(toast);
    leaveLater(toast);
  };

  document.addEventListener("hub:toast", (event) => show(event.detail));
  document.addEventListener("toast", (event) => show(event.detail));
  document.addEventListener("DOMContentLoaded", () => region().querySelectorAll("[data-toast]").forEach(leaveLater));
})();
