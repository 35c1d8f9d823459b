// Keeps <time data-relative-time> current while it is younger than an hour; older ones stay as the server wrote them.
(() => {
  const REFRESH_MS = 30000;
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "short" });

  const refresh = () => {
    document.querySelectorAll("time[data-relative-time]").forEach((element) => {
      const minutes = Math.floor((Date.now() - Date.parse(element.dateTime)) / 60000);
      if (minutes >= 1 && minutes < 60) element.textContent = words.format(-minutes, "minute");
    });
  };

  setInterval(refresh, REFRESH_MS);
})();
