// Files for an answer: chosen, pasted or dropped, uploaded at once with their progress, removed or tried again before the
// answer goes. The answer waits for what is still on its way, and is not sent without a file that did not arrive.
(() => {
  const formOf = (element) => element.closest("[data-composer][data-upload-url]");
  const filesOf = (form) => [...form.querySelectorAll("[data-file]")];
  const part = (chip, name) => chip.querySelector(`[data-file-${name}]`);
  const token = (form) => ({ "HX-Request": "true", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value });
  const sizeOf = (bytes) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);

  // fetch tells nothing of how far it has come.
  const upload = (form, file, onProgress) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.set("file", file);
    request.open("POST", form.dataset.uploadUrl);
    Object.entries(token(form)).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = (event) => { if (event.lengthComputable) onProgress((100 * event.loaded) / event.total); };
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    request.onerror = () => resolve({ status: 0, text: "" });
    request.send(body);
  });

  const fail = (form, chip, problem, canRetry) => {
    chip.dataset.file = "failed";
    part(chip, "progress").hidden = true;
    part(chip, "problem").textContent = problem;
    part(chip, "retry").hidden = !canRetry;
  };

  const start = async (form, chip) => {
    chip.dataset.file = "uploading";
    part(chip, "problem").textContent = "";
    part(chip, "retry").hidden = true;
    part(chip, "progress").hidden = false;
    const { status, text } = await upload(form, chip.file, (percent) => { part(chip, "progress").value = percent; });
    if (!chip.isConnected) {
      if (status === 201) remove(form, JSON.parse(text).id);
    } else if (status === 201) {
      const kept = JSON.parse(text);
      chip.dataset.file = "ready";
      part(chip, "progress").hidden = true;
      part(chip, "name").textContent = kept.name;
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "attachment", value: kept.id });
      chip.append(field);
    } else fail(form, chip, status === 422 ? text : form.dataset.textNotUploaded, status !== 422);
  };

  const remove = (form, id) => fetch(`${form.dataset.uploadUrl}${id}/remove/`, { method: "POST", headers: token(form) }).catch(() => null);

  const add = (form, files) => {
    if (form.dataset.mode === "note") form.querySelector("[data-mode-button=reply]").click();
    for (const file of files) {
      const chip = form.querySelector("[data-file-template]").content.firstElementChild.cloneNode(true);
      const isTooMany = filesOf(form).length >= Number(form.dataset.mostFiles);
      form.querySelector("[data-files]").append(chip);
      chip.file = file;
      part(chip, "name").textContent = file.name;
      part(chip, "size").textContent = sizeOf(file.size);
      if (isTooMany) fail(form, chip, form.dataset.textTooMany, false);
      else if (file.size > Number(form.dataset.mostBytes)) fail(form, chip, form.dataset.textTooLarge, false);
      else chip.uploading = start(form, chip);
    }
  };

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
      const id = chip.querySelector("input[name=attachment]")?.value;
      chip.remove();
      if (id) remove(form, id);
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
      await Promise.all(filesOf(form).map((chip) => chip.uploading));
      if (filesOf(form).some((chip) => chip.dataset.file === "failed")) throw Object.assign(new Error("files"), { told: form.dataset.textFilesLeft });
    })());
  });
  document.addEventListener("composer:sent", (event) => {
    if (event.target.dataset.mode === "reply") filesOf(event.target).forEach((chip) => chip.remove());
  });
})();
