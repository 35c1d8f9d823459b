// Keeps the board of voices current without moving anything: numbers and bars change in their places. Where more than that is new (another order of topics,
// a word, an alarm), the page says so and leaves it to one press. Cells are [data-board-cell]; [data-board-shape] tells what has to be the same for it.
(() => {
  // Hints come with every sentence; the board counts for a while.
  const SOONEST_MS = 3_000;
  const USUAL_MS = 60_000;
  let last = Date.now();
  let timer = 0;

  const line = () => document.querySelector("[data-board-live]");
  const look = () => {
    timer = 0;
    if (document.hidden || !line()) return;
    last = Date.now();
    htmx.trigger(line(), "renew");
  };
  const soon = () => { if (!timer && line()) timer = setTimeout(look, Math.max(0, last + SOONEST_MS - Date.now())); };

  const cellsOf = (board) => [...board.querySelectorAll("[data-board-cell]")];
  const shapeOf = (board) => [...board.querySelectorAll("[data-board-shape]")].map((part) => part.dataset.boardShape).join("\n");

  const put = (board, fresh) => {
    const cells = cellsOf(board);
    const others = cellsOf(fresh);
    const isSame = shapeOf(board) === shapeOf(fresh) && cells.length === others.length;
    if (isSame) cells.forEach((cell, place) => {
      if (cell.isEqualNode(others[place])) return;
      const link = [...cell.querySelectorAll("a")].indexOf(document.activeElement);
      cell.replaceChildren(...others[place].childNodes);
      if (link >= 0) cell.querySelectorAll("a")[link]?.focus({ preventScroll: true });
    });
    const at = board.querySelector("[data-board-fresh]");
    const now = fresh.querySelector("[data-board-fresh]");
    if (isSame && at && now) at.replaceWith(now);
    const news = board.querySelector("[data-board-news]");
    const words = isSame ? "" : news.dataset.words;
    if (news.textContent !== words) news.textContent = words;
  };

  document.addEventListener("live", (event) => { if (event.target.matches("[data-board-live]")) soon(); }, true);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
  setInterval(soon, USUAL_MS);

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== line()) return;
    event.detail.shouldSwap = false;
    const fresh = new DOMParser().parseFromString(event.detail.serverResponse, "text/html").getElementById("voices");
    const board = document.getElementById("voices");
    if (event.detail.xhr.status === 200 && fresh && board) put(board, fresh);
  });
})();
