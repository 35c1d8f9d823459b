// Notifications of the browser: whether this device can show them and whether its person has switched them on.
window.notification = (() => {
  const WANTED = "cxhub-alarm-notifications";
  const can = () => "Notification" in window && window.isSecureContext;
  const isDenied = () => Notification.permission === "denied";
  const isWanted = () => can() && Notification.permission === "granted" && localStorage.getItem(WANTED) === "on";
  const flip = async () => {
    const wasOn = isWanted();
    if (!wasOn) await Notification.requestPermission();
    localStorage.setItem(WANTED, wasOn ? "off" : "on");
  };
  // The same tag from two tabs is one notification.
  const show = ({ text, tag, url }) => {
    if (!isWanted()) return;
    const shown = new Notification(document.title.split(" · ").at(-1), { body: text, tag });
    shown.onclick = () => { window.focus(); location.assign(url); shown.close(); };
  };
  return { can, isDenied, isWanted, flip, show };
})();
