/* <up-progress>: thumbnails, order, removal and progress per file for the file field inside it.

   Sends the surrounding form as it is, by one XHR: files travel in their order, so the sent bytes say which file is on
   its way. The answer replaces the page (redirects followed), as if the browser had sent the form. Without script the
   form simply works. Emits "files-changed" with the chosen files; `add(files)` takes files from elsewhere. */
class UploadProgress extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.input = this.querySelector("input[type=file]");
    this.shown = this.querySelector(".files");
    this.form = this.closest("form");
    this.chosen = [];
    this.classList.add("live");
    this.input.addEventListener("change", () => this.add([...this.input.files]));
    const drop = this.querySelector(".drop");
    drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.add("drop-over");
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("drop-over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("drop-over");
      this.add([...event.dataTransfer.files]);
    });
    this.form?.addEventListener("submit", (event) => this.send(event));
  }

  /* Adds pages after those already chosen; the same file twice stays one. */
  add(files) {
    const known = new Set(this.chosen.map(sign));
    const fresh = files.filter((file) => !known.has(sign(file)));
    this.chosen = this.input.multiple ? [...this.chosen, ...fresh] : files.slice(-1);
    this.changed();
  }

  changed() {
    const all = new DataTransfer();
    for (const file of this.chosen) all.items.add(file);
    this.input.files = all.files;
    this.draw();
    this.dispatchEvent(new CustomEvent("files-changed", { bubbles: true, detail: { files: this.chosen } }));
  }

  draw() {
    for (const image of this.shown.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.shown.hidden = !this.chosen.length;
    this.rows = this.chosen.map((file, place) => this.row(file, place));
    this.shown.replaceChildren(...this.rows.map((row) => row.item));
  }

  row(file, place) {
    const item = document.createElement("li");
    item.className = "file";
    let picture = document.createElement("span");
    if (/^image\/(jpe?g|png|webp|gif)$/.test(file.type)) {
      picture = document.createElement("img");
      picture.src = URL.createObjectURL(file);
      picture.alt = "";
    } else picture.textContent = (file.name.split(".").pop() ?? "").toUpperCase().slice(0, 4);
    picture.className = "thumb small b";
    const words = document.createElement("div");
    words.className = "grow";
    const name = document.createElement("div");
    name.className = "file-name";
    name.textContent = file.name;
    const state = document.createElement("div");
    state.className = "small muted";
    const large = file.size > Number(this.dataset.max);
    if (large) state.classList.replace("muted", "text-bad");
    state.textContent = `${size(file.size)} · ${large ? this.dataset.large : this.dataset.ready}`;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.hidden = true;
    bar.setAttribute("aria-label", file.name);
    words.append(name, state, bar);
    const acts = document.createElement("div");
    acts.className = "wrap-row";
    if (place) acts.append(this.button("↑", this.dataset.up, file, () => this.move(place, place - 1)));
    if (place < this.chosen.length - 1) acts.append(this.button("↓", this.dataset.down, file, () => this.move(place, place + 1)));
    acts.append(this.button("✕", this.dataset.remove, file, () => {
      this.chosen.splice(place, 1);
      this.changed();
      (this.shown.querySelector("button") ?? this.input).focus();
    }));
    item.append(picture, words, acts);
    return { item, state, bar, acts };
  }

  button(sign, label, file, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-plain btn-s btn-icon";
    button.textContent = sign;
    button.setAttribute("aria-label", `${label}: ${file.name}`);
    button.addEventListener("click", act);
    return button;
  }

  move(from, to) {
    this.chosen.splice(to, 0, ...this.chosen.splice(from, 1));
    this.changed();
    this.rows[to].acts.querySelector("button").focus();
  }

  send(event) {
    if (event.defaultPrevented || !this.chosen.length) return;
    if (this.chosen.some((file) => file.size > Number(this.dataset.max))) {
      event.preventDefault();
      this.rows.find((row) => row.state.classList.contains("text-bad")).acts.querySelector("button:last-child").focus();
      return;
    }
    event.preventDefault();
    if (this.request) return;
    const body = new FormData(this.form, event.submitter);
    const request = (this.request = new XMLHttpRequest());
    request.open("POST", this.form.action);
    request.upload.addEventListener("progress", ({ loaded }) => this.show(loaded));
    request.addEventListener("load", () => {
      this.show(Infinity);
      if (request.status < 500) replacePage(request);
      else this.fail();
    });
    request.addEventListener("error", () => this.fail());
    for (const { bar, acts, state } of this.rows) {
      bar.hidden = false;
      acts.hidden = true;
      state.textContent = this.dataset.sending;
    }
    window.zalicz?.announce(this.dataset.sending);
    request.send(body);
  }

  show(loaded) {
    let before = 0;
    this.chosen.forEach((file, place) => {
      const { bar, state } = this.rows[place];
      bar.value = file.size ? Math.min(1, Math.max(0, (loaded - before) / file.size)) : 1;
      state.textContent = bar.value === 1 ? this.dataset.sent : `${this.dataset.sending} ${Math.round(bar.value * 100)} %`;
      before += file.size;
    });
  }

  fail() {
    this.request = null;
    delete this.form.dataset.sent;
    this.draw();
    window.zalicz?.toast(this.dataset.failed, "bad");
  }
}

/* Shows the answer without asking for it a second time, so that one-time messages are not lost. */
function replacePage(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  document.title = page.title;
  document.body.className = page.body.className;
  document.body.replaceChildren(...page.body.childNodes);
  if (request.responseURL !== location.href) history.pushState({}, "", request.responseURL);
  addEventListener("popstate", () => location.reload(), { once: true });
  window.htmx?.process(document.body);
  scrollTo(0, 0);
  window.zalicz?.focusNews(document.body);
}

const sign = (file) => `${file.name}/${file.size}/${file.lastModified}`;
const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`);

customElements.define("up-progress", UploadProgress);
