/* The list of her conversations: one opens to be read and written in, or a new one begins. Stands in the log's place. */

const openEarlier = ({ words, language, onPick, onBegin, onBack, fetchList }) => {
  const list = element("ul", {});
  const told = element("p", { class: "aside", role: "status" });
  const again = element("button", { type: "button", class: "link", hidden: true, on: { click: () => fill() } }, words.retry);
  const back = element("button", { type: "button", class: "link", on: { click: onBack } }, words.back);
  const begin = element("button", { type: "button", class: "primary", on: { click: () => act(onBegin()) } }, words.beginNew);
  const part = element(
    "section", { class: "earlier", "aria-label": words.list, hidden: true },
    element("div", { class: "choices" }, begin, back), told, again, list,
  );

  const act = async (does) => {
    begin.disabled = true;
    const isDone = await does;
    begin.disabled = false;
    told.textContent = isDone ? "" : words.failed;
  };

  const row = (one, current) => {
    const isCurrent = one.id === current;
    return element(
      "li", {},
      element(
        "button", { type: "button", class: "matter", "aria-current": isCurrent ? "true" : null, on: { click: () => onPick(one.id) } },
        element("span", { class: "words" }, `${one.from === "customer" ? `${words.you}: ` : ""}${one.text || words.onlyFiles}`),
        element(
          "span", { class: "aside" },
          `${dayOf(one.at, language, words.today)} ${timeOf(one.at, language)} · ${one.status === "open" ? words.openMatter : words.closedMatter}`,
          ...(isCurrent ? [` · ${words.thisOne}`] : []),
        ),
        ...(one.unread ? [element("span", { class: "count", "aria-label": words.unread(one.unread) }, String(one.unread))] : []),
      ),
    );
  };

  const fill = async () => {
    again.hidden = true;
    told.textContent = words.loading;
    const { found, current } = await fetchList();
    told.textContent = !found ? words.failed : found.length ? "" : words.listEmpty;
    again.hidden = Boolean(found);
    list.replaceChildren(...(found || []).map((one) => row(one, current)));
  };

  return { part, fill, focus: () => begin.focus() };
};
