/* Making elements. Text goes in as text only: whatever a message contains, nothing of it becomes markup. */

const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, handler] of Object.entries(value)) made.addEventListener(event, handler);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
};

const icon = (path) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" })) svg.setAttribute(name, value);
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
};

const ICONS = {
  chat: "M4 5.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-8.5L7 21v-3.5H4A1.5 1.5 0 0 1 2.5 16V7A1.5 1.5 0 0 1 4 5.5ZM7.5 10h9M7.5 13.2h6",
  list: "M4 6.5h16M4 12h16M4 17.5h10",
  sound: "M6 10a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4S6 15 6 10ZM10 19.5a2.2 2.2 0 0 0 4 0",
  mute: "M6 10a6 6 0 0 1 9.5-4.9M18 10c0 5 2 6.5 2 6.5H8M6 10c0 5-2 6.5-2 6.5M10 19.5a2.2 2.2 0 0 0 4 0M4 3l16 18",
  close: "M6 6l12 12M18 6L6 18",
  clip: "M19.5 11.5l-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3 3 0 0 1 4.3 4.3l-7.9 7.9a1.5 1.5 0 0 1-2.2-2.1l7.2-7.2",
  mail: "M4 6h16v12H4zM4 7l8 6 8-6",
  send: "M4 12l16-7.5L15.5 20l-3.7-6.3L4 12Zm7.8 1.7L20 4.5",
};
