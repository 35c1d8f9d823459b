// A call's recording and its transcript, which come hours apart: a place in the one plays the other, what is heard is
// marked, and words are found within. What cannot be played says why.
(() => {
  const linesOf = (element) => element.closest("[data-lines], [data-beside]") ?? document;

  // Of the recording nearest before the transcript; else the first.
  const audioOf = (transcript) => {
    const all = [...linesOf(transcript).querySelectorAll("[data-audio]")];
    const before = all.filter((audio) => audio.compareDocumentPosition(transcript) & Node.DOCUMENT_POSITION_FOLLOWING);
    return before.at(-1) ?? all[0];
  };

  const play = (audio, seconds) => {
    const go = () => { audio.currentTime = seconds; audio.play().catch(() => {}); };
    if (audio.readyState) { go(); return; }
    audio.addEventListener("loadedmetadata", go, { once: true });
    audio.load();
  };

  const tellProblem = async (audio) => {
    const bar = audio.closest("[data-recording]").querySelector("[data-recording-failed]");
    const text = bar.querySelector("[data-recording-problem]");
    const response = await fetch(audio.src, { headers: { Range: "bytes=0-0" } }).catch(() => null);
    text.textContent = response?.status === 503 ? await response.text() : text.dataset.default;
    bar.hidden = false;
  };

  document.addEventListener("error", (event) => { if (event.target.matches?.("[data-audio]")) tellProblem(event.target); }, true);

  document.addEventListener("timeupdate", (event) => {
    if (!event.target.matches?.("[data-audio]")) return;
    const transcript = [...linesOf(event.target).querySelectorAll("[data-transcript]")].find((one) => audioOf(one) === event.target);
    const segments = [...(transcript?.querySelectorAll("[data-offset]") ?? [])];
    const heard = segments.filter((segment) => Number(segment.dataset.offset) <= event.target.currentTime).at(-1);
    segments.forEach((segment) => segment.toggleAttribute("data-is-heard", segment === heard));
  }, true);

  document.addEventListener("click", (event) => {
    const again = event.target.closest("[data-recording-again]");
    if (again) {
      again.closest("[data-recording-failed]").hidden = true;
      const audio = again.closest("[data-recording]").querySelector("[data-audio]");
      audio.load();
      audio.play().catch(() => {});
      return;
    }
    const seek = event.target.closest("[data-seek]");
    const audio = seek && audioOf(seek.closest("[data-transcript]"));
    if (audio) play(audio, Number(seek.closest("[data-segment]").dataset.offset));
  });

  const mark = (place, words) => {
    const text = place.textContent;
    const at = words ? text.toLowerCase().indexOf(words) : -1;
    if (at < 0) { place.textContent = text; return false; }
    const found = document.createElement("mark");
    found.className = "rounded bg-warning/50 text-inherit";
    found.textContent = text.slice(at, at + words.length);
    place.replaceChildren(text.slice(0, at), found, text.slice(at + words.length));
    return true;
  };

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-transcript-search]")) return;
    const transcript = event.target.closest("[data-transcript]");
    const words = event.target.value.normalize("NFC").trim().toLowerCase();
    const found = [...transcript.querySelectorAll("[data-segment]")].filter((segment) => {
      const isFound = mark(segment.querySelector("[data-segment-text]"), words);
      segment.hidden = Boolean(words) && !isFound;
      return isFound;
    });
    const told = transcript.querySelector("[data-transcript-found]");
    told.textContent = words ? told.dataset.form.replace("{n}", found.length) : "";
  });
})();
