// inTurn(ask): asks one thing at a time. Who wants it while an answer is on its way has it asked once more behind that one, with the
// latest words: no hint is lost, and an older answer never stands over a newer one. `ask` is asynchronous.
const inTurn = (ask) => {
  let isAsking = false;
  let next = null;
  return async (...words) => {
    next = words;
    if (isAsking) return;
    isAsking = true;
    try {
      while (next) {
        const asked = next;
        next = null;
        await ask(...asked);
      }
    } finally {
      isAsking = false;
    }
  };
};

// The same for each pane by itself: inTurnFor(ask)(pane, …).
const inTurnFor = (ask) => {
  const turns = new WeakMap();
  return (pane, ...words) => {
    if (!turns.has(pane)) turns.set(pane, inTurn(ask));
    return turns.get(pane)(pane, ...words);
  };
};
