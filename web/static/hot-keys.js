/* <hot-keys>: binds the keys that elements name in data-key, inside it or, when empty, in the whole page.

   data-key="Ctrl+Enter" | "x" | "x 1" (x, then 1) | "ArrowDown". A key focuses a field and clicks anything else; several
   elements may share a key: the first visible one is meant. Single keys rest inside text fields and when the reader
   switched them off (WCAG 2.1.4); "?" lists all keys. Emits "hot-key" with the key before it acts. */
const SEQUENCE_MS = 1500;
const OFF = "zalicz-single-keys-off";
const TEXT_FIELD = 'input:not([type=radio]):not([type=checkbox]):not([type=button]):not([type=submit]),select,textarea,[contenteditable=""],[contenteditable=true]';

class HotKeys extends HTMLElement {
  connectedCallback() {
    this.pressed = this.pressed ?? ((event) => this.onKey(event));
    this.clicked = this.clicked ?? ((event) => event.target.closest("[data-keys-list]") && this.list());
    document.addEventListener("keydown", this.pressed);
    document.addEventListener("click", this.clicked);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.pressed);
    document.removeEventListener("click", this.clicked);
    this.dialog?.remove();
  }

  get bound() {
    const root = this.childElementCount ? this : document;
    return [...root.querySelectorAll("[data-key]")].filter((item) => !item.disabled && (item.offsetParent || item.getClientRects().length));
  }

  get singleOff() {
    try {
      return localStorage.getItem(OFF) === "1";
    } catch {
      return false; // Storage may be refused; then keys stay on.
    }
  }

  onKey(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const name = nameOf(event);
    if (!name) return;
    const single = !/^(Ctrl|Alt|Meta)\+|^F\d/.test(name);
    const writing = event.target.matches?.(TEXT_FIELD);
    if (writing && (single ? name !== "Escape" : name !== "Ctrl+Enter")) return;
    if (/^(Shift\+)?.$/u.test(name) && this.singleOff) return;
    if (name === "?") {
      event.preventDefault();
      return void this.list();
    }
    const bound = this.bound;
    const full = this.begun ? `${this.begun} ${name}` : name;
    this.begun = "";
    clearTimeout(this.timer);
    const hit = bound.find((item) => item.dataset.key === full) ?? bound.find((item) => item.dataset.key === name);
    if (hit) {
      /* A radio or button with the focus keeps Enter, space and arrows for itself. */
      if (single && /^(Enter| |Arrow)/.test(name) && event.target.closest("button,a,summary,input")) return;
      event.preventDefault();
      if (this.dispatchEvent(new CustomEvent("hot-key", { bubbles: true, cancelable: true, detail: { key: full, target: hit } }))) act(hit);
    } else if (bound.some((item) => item.dataset.key.startsWith(`${full} `))) {
      event.preventDefault();
      this.begun = full;
      this.timer = setTimeout(() => (this.begun = ""), SEQUENCE_MS);
    }
  }

  /* The list of keys, made from what is on the page now, with the switch for single keys. */
  list() {
    this.dialog?.remove();
    const texts = document.body.dataset;
    const dialog = (this.dialog = document.createElement("dialog"));
    const title = make("h2", texts.keysTitle);
    const rows = make("dl");
    rows.className = "data-list my-3";
    const seen = new Set();
    for (const item of this.bound) {
      if (seen.has(item.dataset.key)) continue;
      seen.add(item.dataset.key);
      const row = make("div");
      const key = make("dt");
      key.append(make("kbd", shown(item.dataset.key)));
      row.append(key, make("dd", labelOf(item)));
      rows.append(row);
    }
    const toggle = make("label");
    toggle.className = "tick";
    const box = make("input");
    box.type = "checkbox";
    box.checked = !this.singleOff;
    box.addEventListener("change", () => {
      try {
        localStorage.setItem(OFF, box.checked ? "0" : "1");
      } catch {
        box.checked = true;
      }
    });
    toggle.append(box, make("span", texts.keysSingle));
    const close = make("button", texts.closeLabel);
    close.className = "btn btn-s";
    close.addEventListener("click", () => dialog.close());
    dialog.setAttribute("aria-label", texts.keysTitle);
    dialog.append(title, rows, toggle, close);
    document.body.append(dialog);
    dialog.showModal();
  }
}

function make(name, text = "") {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

function nameOf(event) {
  if (["Control", "Shift", "Alt", "Meta"].includes(event.key)) return "";
  const letter = event.key.length === 1;
  const prefix = (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + (event.altKey ? "Alt+" : "");
  const shift = event.shiftKey && (!letter || /[a-z]/i.test(event.key)) ? "Shift+" : "";
  return prefix + shift + (letter ? event.key.toLowerCase() : event.key);
}

/* As the keys of the buttons are drawn (components/marks.html). */
const SIGNS = { Enter: "↵", ArrowRight: "→", ArrowLeft: "←", ArrowUp: "↑", ArrowDown: "↓", Delete: "Del", Escape: "Esc", PageDown: "PgDn", PageUp: "PgUp" };
function shown(keys) {
  const part = (one) => SIGNS[one] ?? (one.length === 1 ? one.toUpperCase() : one);
  return keys.split(" ").map((key) => (key.length === 1 ? part(key) : key.split("+").map(part).join(" "))).join(" ");
}

function labelOf(item) {
  if (item.dataset.keyLabel) return item.dataset.keyLabel;
  const copy = (item.closest("label") ?? item).cloneNode(true);
  copy.querySelectorAll("kbd").forEach((key) => key.remove());
  return copy.textContent.trim() || item.getAttribute("aria-label") || item.title;
}

function act(item) {
  if (item.matches(TEXT_FIELD) || item.dataset.keyDo === "focus") {
    item.focus();
    item.select?.();
  } else {
    item.click();
    if (item.matches("input")) item.focus();
  }
}

customElements.define("hot-keys", HotKeys);
