/* Files: chosen or pasted into the box, uploaded at once, and shown with the messages that carry them.

   A shop's page may forbid pictures from elsewhere, so none is ever loaded by an address: the content comes by a request
   of the widget's own, with her secret in its body, and is drawn into a canvas or handed over as a download. */

const MAX_FILES = 10;
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/* Without HEIC: a telephone that is not offered it hands over a JPEG. */
const ACCEPTED = ".png,.jpg,.jpeg,.gif,.webp,.pdf,.docx,.xlsx,.hwp,.hwpx,.mp3,.m4a,.wav,.mp4,.mov,.csv,.txt";

const sizeOf = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

/* The row of chips above the box. `changed()` is called when one comes, goes or is ready. What has arrived the hub tells again to a page
   that was loaded anew; of what was cut off then, the page says so: `memory` knows its names. */
const openTray = ({ words, files, memory, changed }) => {
  const chips = new Set(); /* {state: "uploading" | "ready" | "failed", key, told, where, file?} */
  const tray = element("ul", { class: "tray", "aria-label": words.files, hidden: true });
  const choice = element("input", { type: "file", multiple: true, accept: ACCEPTED, hidden: true, tabindex: "-1", "aria-label": words.attach });
  const button = element("button", { type: "button", class: "attach", "aria-label": words.attach, title: words.attach, on: { click: () => choice.click() } }, icon(ICONS.clip));

  const draw = () => { tray.hidden = !chips.size; changed(); };
  const forget = (chip) => { chips.delete(chip); chip.made.remove(); memory.dropUnderway(chip.key); };
  const drop = (chip) => {
    forget(chip);
    if (chip.told) files.drop(chip.told.id, chip.where);
    draw();
  };
  const show = (chip, name, note, again) => chip.made.replaceChildren(
    element("span", { class: "name" }, name), note, ...(again ? [again] : []),
    element("button", { type: "button", class: "drop", "aria-label": `${name} ${words.remove}`, on: { click: () => drop(chip) } }, icon(ICONS.close)),
  );
  const put = (chip) => { chips.add(chip); tray.append(chip.made); };

  const upload = async (chip) => {
    const { file } = chip;
    const turn = (chip.turn += 1);
    const again = element("button", { type: "button", class: "link", hidden: true, on: { click: () => upload(chip) } }, words.retry);
    const note = element("span", { class: "note", role: "status" }, words.uploading);
    if (chip.told) files.drop(chip.told.id, chip.where);
    chip.state = "uploading";
    chip.told = null;
    chip.made.classList.remove("is-failed");
    show(chip, file.name, note, again);
    draw();
    memory.keepUnderway({ key: chip.key, name: file.name });
    const { ok, status, answer, where } = await files.upload(file, chip.key);
    if (!chips.has(chip) || chip.turn !== turn) { if (ok) files.drop(answer.attachment.id, where); return; }
    if (status) memory.dropUnderway(chip.key);
    chip.where = where;
    chip.state = ok ? "ready" : "failed";
    chip.told = ok ? answer.attachment : null;
    chip.made.classList.toggle("is-failed", !ok);
    note.textContent = ok ? sizeOf(answer.attachment.bytes) : words.errors[answer.code] || answer.detail || words.failed;
    again.hidden = ok || (status !== 0 && status !== 429 && status !== 503);
    draw();
  };

  const add = (chosen) => {
    for (const file of [...chosen].slice(0, MAX_FILES - chips.size)) {
      const chip = { file, key: newId(), made: element("li", {}), state: "uploading", told: null, turn: 0 };
      put(chip);
      upload(chip);
    }
  };
  choice.addEventListener("change", () => { add(choice.files); choice.value = ""; });

  return {
    tray, button, choice,
    paste: (event) => {
      const pasted = event.clipboardData?.files || [];
      /* What a spreadsheet copies is a text and a picture of it: the text is meant. */
      if (!pasted.length || event.clipboardData.getData("text/plain")) return;
      event.preventDefault();
      add(pasted);
    },
    isEmpty: () => ![...chips].some((chip) => chip.state === "ready"),
    hasFiles: () => chips.size > 0,
    /* A file belongs to the conversation it was uploaded to: in another one it begins anew. What an earlier page has uploaded
       stays there. */
    renew: () => {
      [...chips].forEach((chip) => { if (!chip.file) forget(chip); else { const old = chip.key; chip.key = newId(); memory.dropUnderway(old); upload(chip); } });
      draw();
    },
    /* What the hub has of hers here, and what was on its way when the page went. */
    restore: (uploads) => {
      const known = new Set([...chips].flatMap((chip) => [chip.key, chip.told?.id]));
      uploads.filter((told) => !known.has(told.id)).forEach((told) => {
        const chip = { key: told.id, made: element("li", {}), state: "ready", told };
        show(chip, told.name, element("span", { class: "note" }, sizeOf(told.bytes)));
        put(chip);
      });
      const arrived = new Set([...known, ...uploads.map((told) => told.id)]);
      memory.underway().forEach(({ key, name }) => {
        if (known.has(key)) return;
        memory.dropUnderway(key);
        if (arrived.has(key)) return;
        const chip = { key, made: element("li", { class: "is-failed" }), state: "failed", told: null };
        show(chip, name, element("span", { class: "note", role: "status" }, words.cutOff));
        put(chip);
      });
      draw();
    },
    /* They have gone with a message that another page has sent. */
    sent: (ids) => { [...chips].filter((chip) => chip.told && ids.includes(chip.told.id)).forEach(forget); draw(); },
    isBusy: () => [...chips].some((chip) => chip.state !== "ready"),
    /* What goes with the message that is sent now. */
    take: () => {
      const taken = [...chips].map((chip) => chip.told);
      chips.forEach((chip) => chip.made.remove());
      chips.clear();
      draw();
      return taken;
    },
  };
};

const save = (blob, name) => {
  const address = URL.createObjectURL(blob);
  const link = element("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

/* A file in a message; pictures have a box of their size before they are there. */
const shownFile = (file, { words, read }) => {
  const name = element("span", { class: "name" }, file.name);
  const link = element("button", { type: "button", class: "link", "aria-label": `${file.name} ${words.save}` }, name, ` ${sizeOf(file.bytes)}`);
  link.addEventListener("click", async () => {
    const blob = await read(file.id);
    if (blob) save(blob, file.name);
    else name.textContent = `${file.name} · ${words.gone}`;
  });
  if (!PICTURES.includes(file.media_type)) return element("div", { class: "file" }, link);
  const canvas = element("canvas", { role: "img", "aria-label": file.name, width: "480", height: "320" });
  read(file.id).then((blob) => blob && createImageBitmap(blob)).then((picture) => {
    if (!picture) return;
    const scale = Math.min(480 / picture.width, 320 / picture.height, 1);
    const [width, height] = [picture.width * scale, picture.height * scale];
    canvas.getContext("2d").drawImage(picture, (480 - width) / 2, (320 - height) / 2, width, height);
    picture.close();
  }, () => {});
  return element("div", { class: "file" }, canvas, link);
};
