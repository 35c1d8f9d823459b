// Files for an answer: chosen, pasted or dropped, uploaded at once with their progress, removed or tried again before the
// answer goes. The answer waits for what is still on its way, and is not sent without a file that did not arrive. What has arrived is
// found again by any page of hers; what was under way when a page went is kept in this browser (static/js/uploads-kept.js) and goes on.
(() => {
  const formOf = (element) => element.closest("[data-composer][data-upload-url]");
  const filesOf = (form) => [...form.querySelectorAll("[data-file]")];
  const part = (chip, name) => chip.querySelector(`[data-file-${name}]`);
  const fieldOf = (chip) => chip.querySelector("input[name=attachment]");
  // Who logs in after her in this browser sends nothing of hers.
  const ownerOf = (form) => `${form.dataset.uploader} ${form.dataset.draftKey}`;
  const token = (form) => ({ "HX-Request": "true", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value });
  const sizeOf = (bytes) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);
  // Over plain http to another machine crypto.randomUUID is missing.
  const newKey = () => ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (digit) =>
    (digit ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> digit / 4).toString(16));

  // By key: an upload goes on while she looks at another ticket, and is joined by the chip of the page she comes back to.
  const running = new Map();

  // fetch tells nothing of how far it has come.
  const upload = (form, { key, file }) => {
    if (running.has(key)) return running.get(key);
    const one = { percent: 0, chip: null };
    running.set(key, one);
    one.done = new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const body = new FormData();
      body.set("key", key);
      body.set("file", file);
      request.open("POST", form.dataset.uploadUrl);
      Object.entries(token(form)).forEach(([name, value]) => request.setRequestHeader(name, value));
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) one.percent = (100 * event.loaded) / event.total;
        if (one.chip) part(one.chip, "progress").value = one.percent;
      };
      request.onload = () => resolve({ status: request.status, text: request.responseText });
      request.onerror = () => resolve({ status: 0, text: "" });
      request.send(body);
    }).finally(() => running.delete(key));
    return one;
  };

  const fail = (form, chip, problem, canRetry) => {
    chip.dataset.file = "failed";
    part(chip, "progress").hidden = true;
    part(chip, "problem").textContent = problem;
    part(chip, "retry").hidden = !canRetry;
  };

  const bytesOf = (form) => filesOf(form).filter((chip) => chip.dataset.file !== "failed").reduce((sum, chip) => sum + chip.bytes, 0);
  const isTooMuch = (form) => bytesOf(form) > Number(form.dataset.mostTogether);
  const tellTogether = (form) => {
    const told = form.querySelector("[data-files-together]");
    told.textContent = filesOf(form).length ? form.dataset.textTogether.replace("{size}", sizeOf(bytesOf(form))) : "";
    told.toggleAttribute("data-over", isTooMuch(form));
  };
  // Chips come, go and fail in many ways; what they come to is told after each.
  const watch = (form) => {
    new MutationObserver(() => tellTogether(form)).observe(form.querySelector("[data-files]"), { childList: true, subtree: true, attributeFilter: ["data-file"] });
    tellTogether(form);
  };

  const chipFor = (form, { key, name, bytes, file }) => {
    const chip = form.querySelector("[data-file-template]").content.firstElementChild.cloneNode(true);
    Object.assign(chip, { key, file, bytes });
    part(chip, "name").textContent = name;
    part(chip, "size").textContent = sizeOf(bytes);
    form.querySelector("[data-files]").append(chip);
    return chip;
  };

  const arrived = (chip, kept) => {
    chip.dataset.file = "ready";
    chip.bytes = kept.bytes;
    part(chip, "progress").hidden = true;
    part(chip, "name").textContent = kept.name;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "attachment", value: kept.id });
    chip.append(field);
  };

  const start = async (form, chip) => {
    chip.dataset.file = "uploading";
    part(chip, "problem").textContent = "";
    part(chip, "retry").hidden = true;
    part(chip, "progress").hidden = false;
    const one = upload(form, chip);
    one.chip = chip;
    part(chip, "progress").value = one.percent;
    const { status, text } = await one.done;
    if (status === 201 || status === 422) uploadsKept.forget(chip.key);
    const kept = status === 201 ? JSON.parse(text) : null;
    if (chip.isDropped) { if (kept) remove(form, kept.id); return; }
    if (kept?.is_sent) chip.remove();
    else if (kept) { if (!fieldOf(chip)) arrived(chip, kept); }
    else fail(form, chip, status === 422 ? text : form.dataset.textNotUploaded, status !== 422);
  };

  // Taken out or sent from this page: a list that the hub told before that may still come.
  const gone = new Set();
  const remove = (form, id) => gone.add(id) && fetch(`${form.dataset.uploadUrl}${id}/remove/`, { method: "POST", headers: token(form) }).catch(() => null);

  const add = (form, files) => {
    if (form.dataset.mode === "note") form.querySelector("[data-mode-button=reply]").click();
    for (const file of files) {
      const isTooMany = filesOf(form).length >= Number(form.dataset.mostFiles);
      const chip = chipFor(form, { key: newKey(), name: file.name, bytes: file.size, file });
      if (isTooMany) fail(form, chip, form.dataset.textTooMany, false);
      else if (file.size > Number(form.dataset.mostBytes)) fail(form, chip, form.dataset.textTooLarge, false);
      else {
        uploadsKept.keep({ key: chip.key, owner: ownerOf(form), file });
        chip.uploading = start(form, chip);
      }
    }
  };

  // What the hub holds of hers, beside what is still on its way from here. `asked`: the chips that stood there when it was asked; one
  // that has arrived since is not among its files yet.
  const show = (form, files, asked = []) => {
    const there = new Set(files.map(({ id }) => id));
    asked.filter((chip) => !there.has(fieldOf(chip).value)).forEach((chip) => chip.remove());
    const shown = new Set(filesOf(form).map((chip) => fieldOf(chip)?.value || chip.key));
    files.filter(({ id }) => !shown.has(id) && !gone.has(id)).forEach((kept) => arrived(chipFor(form, { key: kept.id, ...kept }), kept));
  };
  const resume = async (form) => {
    const there = filesOf(form).map((chip) => fieldOf(chip)?.value);
    for (const { key, file } of await uploadsKept.of(ownerOf(form))) {
      if (there.includes(key)) { uploadsKept.forget(key); continue; }
      if (filesOf(form).some((chip) => chip.key === key)) continue;
      const chip = chipFor(form, { key, name: file.name, bytes: file.size, file });
      chip.uploading = start(form, chip);
    }
  };
  document.addEventListener("composer:begin", (event) => {
    const form = event.target;
    if (!form.dataset.uploadUrl) return;
    watch(form);
    show(form, JSON.parse(form.dataset.uploads));
    // The answer waits for these too, should she be so quick.
    form.resuming = resume(form);
  });
  document.addEventListener("hub:hint", async (event) => {
    const { group, what } = event.detail;
    const form = document.querySelector("[data-composer][data-upload-url]");
    if (group !== "person" || what.kind !== "files" || form?.closest("[data-conversation]").dataset.thread !== what.thread) return;
    const asked = filesOf(form).filter(fieldOf);
    const response = await fetch(form.dataset.uploadUrl, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!response?.ok || response.redirected || form.dataset.busy) return;
    show(form, (await response.json()).files, asked);
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-file-choice]")) return;
    const form = formOf(event.target);
    add(form, [...event.target.files]);
    event.target.value = "";
    form.querySelector("[data-text]").focus();
  });
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-file]");
    if (!chip) return;
    const form = formOf(chip);
    if (event.target.closest("[data-file-retry]")) chip.uploading = start(form, chip);
    if (event.target.closest("[data-file-remove]")) {
      chip.isDropped = true;
      chip.remove();
      uploadsKept.forget(chip.key);
      if (fieldOf(chip)) remove(form, fieldOf(chip).value);
      form.querySelector("[data-text]").focus();
    }
  });
  document.addEventListener("paste", (event) => {
    const form = event.target.closest?.("[data-composer][data-upload-url]");
    const files = [...(event.clipboardData?.files || [])];
    // What a spreadsheet copies is a text and a picture of it: the text is meant.
    if (!form || !files.length || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    add(form, files);
  });

  const paneOf = (event) => {
    const pane = event.dataTransfer?.types.includes("Files") && event.target.closest?.("[data-conversation]");
    return pane && pane.querySelector("[data-upload-url]") ? pane : null;
  };
  const setDropping = (pane, isDropping) => pane.querySelector("[data-composer]").toggleAttribute("data-dropping", isDropping);
  document.addEventListener("dragover", (event) => {
    const pane = paneOf(event);
    if (!pane) return;
    event.preventDefault();
    setDropping(pane, true);
  });
  document.addEventListener("dragleave", (event) => {
    const pane = paneOf(event);
    if (pane && !pane.contains(event.relatedTarget)) setDropping(pane, false);
  });
  document.addEventListener("drop", (event) => {
    const pane = paneOf(event);
    if (!pane) return;
    event.preventDefault();
    setDropping(pane, false);
    add(pane.querySelector("[data-composer]"), [...event.dataTransfer.files]);
  });

  document.addEventListener("composer:sending", (event) => {
    const form = event.target;
    if (form.dataset.mode !== "reply" || !form.dataset.uploadUrl) return;
    event.detail.wait.push((async () => {
      await form.resuming;
      await Promise.all(filesOf(form).map((chip) => chip.uploading));
      if (filesOf(form).some((chip) => chip.dataset.file === "failed")) throw Object.assign(new Error("files"), { told: form.dataset.textFilesLeft });
      if (isTooMuch(form)) throw Object.assign(new Error("files"), { told: form.dataset.textTooMuch });
    })());
  });
  document.addEventListener("composer:sent", (event) => {
    if (event.target.dataset.mode !== "reply") return;
    filesOf(event.target).forEach((chip) => {
      gone.add(fieldOf(chip)?.value);
      chip.remove();
    });
  });
})();
