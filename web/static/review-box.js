/* A line's box on the document, drawn again: arrows move it, Shift and arrows change its size, Enter takes it; a
   pointer draws it, and numbers in the line's own field do the same without either. Shares of the page in per cent. */
const STEP = 0.5;
const SMALLEST = 0.5;
const START = [5, 45, 95, 49];
const MARGIN = 0.4; // around a window, of the line's height

export class BoxDrawing {
  constructor(pane, line, field) {
    [this.pane, this.line, this.field] = [pane, line, field];
    this.before = field.value;
    const now = boxOf(field.value);
    this.page = now?.page ?? pane.pageInSight();
    this.sides = now?.sides ?? START;
    this.quit = new AbortController();
    const { signal } = this.quit;
    document.addEventListener("keydown", (event) => this.pressed(event), { signal, capture: true });
    pane.pane.addEventListener("pointerdown", (event) => this.begin(event), { signal });
    pane.pane.classList.add("rv-drawing");
    pane.hint(true);
    this.show();
  }

  pressed(event) {
    const { key } = event;
    const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[key];
    if (by) this.move(by, event.shiftKey);
    else if (key === "PageDown" || key === "PageUp") this.turnTo(this.page + (key === "PageDown" ? 1 : -1));
    else if (key === "Enter") this.take();
    else if (key === "Escape") this.cancel();
    else if (key === "Tab") return this.cancel();
    else if (key.length > 1) return;
    event.preventDefault();
    event.stopPropagation();
  }

  move([across, down], grow) {
    let [left, top, right, bottom] = this.sides;
    if (!grow) [across, down] = [within(across, -left, 100 - right), within(down, -top, 100 - bottom)];
    if (!grow) [left, top] = [left + across, top + down];
    right = within(right + across, left + SMALLEST, 100);
    bottom = within(bottom + down, top + SMALLEST, 100);
    this.sides = [left, top, right, bottom];
    this.show();
  }

  turnTo(page) {
    if (!this.pane.page(page)) return;
    this.page = page;
    this.show();
  }

  /* A pointer draws from corner to corner. */
  begin(event) {
    const sheet = event.target.closest('[data-pages="now"] [data-page]');
    if (!sheet || event.button !== 0) return;
    event.preventDefault();
    this.page = Number(sheet.dataset.page);
    const from = this.pane.place(sheet, event);
    const { signal } = this.quit;
    const draw = (moved) => {
      const to = this.pane.place(sheet, moved);
      const [left, right] = [from[0], to[0]].sort((a, b) => a - b);
      const [top, bottom] = [from[1], to[1]].sort((a, b) => a - b);
      if (right - left < SMALLEST || bottom - top < SMALLEST) return;
      this.sides = [left, top, right, bottom];
      this.show();
    };
    addEventListener("pointermove", draw, { signal });
    addEventListener("pointerup", () => removeEventListener("pointermove", draw), { signal, once: true });
  }

  get text() {
    return [this.page, ...this.sides.map((side) => String(Math.round(side * 10) / 10).replace(".", ","))].join(" ");
  }

  show() {
    this.pane.draw(this.line, this.text);
  }

  take() {
    this.end();
    this.field.value = this.text;
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  cancel() {
    this.end();
    this.pane.draw(this.line, this.before);
  }

  end() {
    this.quit.abort();
    this.pane.pane.classList.remove("rv-drawing");
    this.pane.hint(false);
    this.pane.drawing = null;
  }
}

/* `2 5 40,5 95 44`: page, left, top, right, bottom; null for what is none. */
export function boxOf(text) {
  const [page, ...sides] = text.trim().split(/[\s;]+/).map((part) => Number(part.replace(",", ".")));
  const [left, top, right, bottom] = sides;
  const fits = sides.length === 4 && left >= 0 && top >= 0 && right <= 100 && bottom <= 100;
  return fits && right - left >= SMALLEST && bottom - top >= SMALLEST && page > 0 ? { page, sides } : null;
}

/* The window beside a question follows the box of its line. */
export function follow(windows, { sides: [left, top, right, bottom] }, [width, height], href) {
  const [x, y] = [(left / 100) * width, (top / 100) * height];
  const [wide, high] = [((right - left) / 100) * width, ((bottom - top) / 100) * height];
  const margin = Math.max(4, high * MARGIN);
  for (const window of windows) {
    window.setAttribute("viewBox", [x - margin, y - margin, wide + 2 * margin, high + 2 * margin].map(Math.round).join(" "));
    window.querySelector("image").setAttribute("href", href);
    window.querySelector(".mark-box")?.remove(); // It marked a value of the old place.
  }
}

function within(value, least, most) {
  return Math.min(most, Math.max(least, value));
}
