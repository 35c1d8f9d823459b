// Puts new events on top of an open timeline and leaves the rest, what was loaded below and the scroll, alone.
(() => {
  const entries = (root) => root.querySelector("[data-timeline-entries]");

  const put = (timeline, html) => {
    const fresh = entries(new DOMParser().parseFromString(html, "text/html"));
    const list = entries(timeline);
    if (!fresh || !list) return;
    const added = [];
    for (const item of [...fresh.children]) {
      if (item.id && document.getElementById(item.id)) break;
      if (!item.matches("[data-timeline-more], [data-timeline-empty]")) added.push(item);
    }
    while (added.length && added.at(-1).dataset.day) added.pop();
    if (!added.length) return;
    list.querySelector("[data-timeline-empty]")?.remove();
    const lastDay = added.findLast((item) => item.dataset.day);
    const first = list.firstElementChild;
    if (lastDay && first && first.dataset.day === lastDay.dataset.day) first.remove();
    const height = list.offsetHeight;
    list.prepend(...added);
    // Who is reading further down keeps her place.
    if (list.getBoundingClientRect().top < 0) scrollBy(0, list.offsetHeight - height);
  };

  const ask = inTurnFor(async (timeline) => {
    const response = await fetch(timeline.dataset.timelineUrl, { headers: { "HX-Request": "true" } }).catch(() => null);
    // Away: the socket's return asks again.
    if (response?.ok && !response.redirected && timeline.isConnected) put(timeline, await response.text());
  });

  document.addEventListener("live", (event) => { if (event.target.matches?.("[data-timeline]")) ask(event.target); }, true);
})();
