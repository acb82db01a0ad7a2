/* The document beside the questions: zoom, turn, pages, boxes that point to fields, words that fill them. */
import { BoxDrawing, boxOf, follow } from "./review-box.js";

const STEP = 1.25;
const LARGEST = 4;
const READABLE_PX = 11; // a line of print is read easily at this height
const SPLIT = "zalicz-review-split";

export class DocumentPane {
  constructor(review) {
    this.review = review;
    this.pane = review.querySelector(".split-doc");
    this.zoom = 1;
    this.turned = 0;
    this.chosen = false; // the reader zoomed: leave it so
    this.words = null;
    const tools = review.querySelector("[data-tools]");
    if (tools) tools.hidden = !this.pages.length;
    this.pane.addEventListener("click", (event) => this.clicked(event), { signal: review.quit.signal });
    this.splitter();
  }

  get pages() {
    return [...this.pane.querySelectorAll("[data-pages]:not([hidden]) [data-page]")];
  }

  setZoom(zoom, chosen = true) {
    this.zoom = Math.min(LARGEST, Math.max(1, zoom));
    this.chosen = chosen && this.zoom !== 1;
    for (const page of this.pages) {
      page.style.width = `${this.zoom * 100}%`;
      page.style.maxWidth = this.zoom > 1 ? "none" : "";
    }
  }

  zoomBy(steps) {
    const middle = (this.pane.scrollTop + this.pane.clientHeight / 2) / this.pane.scrollHeight;
    this.setZoom(this.zoom * STEP ** steps);
    this.pane.scrollTop = middle * this.pane.scrollHeight - this.pane.clientHeight / 2;
  }

  turn() {
    this.turned = (this.turned + 90) % 360;
    for (const page of this.pages) {
      const [width, height] = [Number(page.dataset.width), Number(page.dataset.height)];
      const moves = { 0: "", 90: `translate(${height} 0)`, 180: `translate(${width} ${height})`, 270: `translate(0 ${width})` };
      const across = this.turned % 180 === 90;
      page.querySelector("svg").setAttribute("viewBox", `0 0 ${across ? height : width} ${across ? width : height}`);
      page.querySelector("[data-turn]").setAttribute("transform", `${moves[this.turned]} rotate(${this.turned})`);
    }
  }

  step(pages) {
    const tops = this.pages.map((page) => page.offsetTop);
    const here = tops.findLastIndex((top) => top <= this.pane.scrollTop + 40);
    const page = this.pages[Math.max(0, here + pages)];
    if (page && this.pages.length > 1) page.scrollIntoView({ block: "start" });
    else this.pane.scrollBy({ top: pages * this.pane.clientHeight * 0.85 });
  }

  /* Marks a line and one of its values and brings them into sight. */
  show(line, field = "") {
    for (const marked of this.pane.querySelectorAll(".on")) marked.classList.remove("on");
    const row = this.target(`line-${line}`);
    const value = field && this.target(`${field}-${line}`);
    for (const item of [row, value]) item?.classList.add("on");
    if (row) this.bring(row);
  }

  /* Marks something of the head: the seller's number, the buyer's, the day. */
  point(name) {
    const found = this.target(name);
    if (!found) return;
    found.classList.add("on");
    this.bring(found);
    setTimeout(() => found.classList.remove("on"), 2500);
  }

  target(name) {
    return this.pane.querySelector(`[data-pages]:not([hidden]) [data-target="${name}"]`);
  }

  bring(item) {
    const box = () => item.getBoundingClientRect();
    if (item.closest("svg") && !this.chosen && box().height > 0 && box().height < READABLE_PX) {
      const wanted = this.zoom * (READABLE_PX / box().height);
      this.setZoom(Math.min(wanted, 2), false);
    }
    const pane = this.pane.getBoundingClientRect();
    if (box().top < pane.top + 60 || box().bottom > pane.bottom - 60) {
      this.pane.scrollTop += box().top - pane.top - pane.height * 0.35;
    }
    if (this.zoom > 1) this.pane.scrollLeft += box().left - pane.left - 24;
  }

  /* ── Boxes that are drawn again ── */

  redraw(line) {
    const field = this.review.form.elements[`box-${line}`];
    if (field && !this.drawing) this.drawing = new BoxDrawing(this, line, field);
  }

  hint(on) {
    const hint = this.review.querySelector("[data-box-hint]");
    if (hint) hint.hidden = !on;
    if (on && hint) window.zalicz?.announce(hint.textContent);
  }

  page(number) {
    return this.pane.querySelector(`[data-pages="now"] [data-page="${number}"]`);
  }

  pageInSight() {
    const tops = this.pages.map((page) => page.offsetTop);
    return Number(this.pages[Math.max(0, tops.findLastIndex((top) => top <= this.pane.scrollTop + 40))].dataset.page);
  }

  /* Where a pointer is on a page, also on a turned one, in per cent. */
  place(sheet, { clientX, clientY }) {
    const at = new DOMPoint(clientX, clientY).matrixTransform(sheet.querySelector("[data-turn]").getScreenCTM().inverse());
    return [(at.x / sheet.dataset.width) * 100, (at.y / sheet.dataset.height) * 100].map((share) => Math.min(100, Math.max(0, share)));
  }

  /* The box of a line where its field says; a new one where the reader found none. */
  draw(line, text) {
    const box = boxOf(text);
    const sheet = box && this.page(box.page);
    let rect = this.pane.querySelector(`[data-pages="now"] [data-target="line-${line}"]`);
    if (!sheet) return void (rect?.closest("svg") && rect.remove());
    if (!rect) {
      rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      rect.setAttribute("class", "rv-box on");
      rect.dataset.target = `line-${line}`;
    }
    const [width, height] = [Number(sheet.dataset.width), Number(sheet.dataset.height)];
    const [left, top, right, bottom] = box.sides;
    const place = { x: left * width, y: top * height, width: (right - left) * width, height: (bottom - top) * height };
    for (const [name, value] of Object.entries(place)) rect.setAttribute(name, (value / 100).toFixed(1));
    const layer = sheet.querySelector("[data-turn]");
    if (rect.parentNode !== layer) layer.append(rect);
    const asked = this.review.querySelectorAll(`[data-doubt][data-line="${line}"] .rv-window, #line-${line} .rv-window`);
    follow(asked, box, [width, height], layer.querySelector("image").getAttribute("href"));
    this.bring(rect);
  }

  clicked(event) {
    if (this.drawing) return;
    const target = event.target.closest("[data-target]");
    const match = /^(?:line|quantity|product)-(\d+)$/.exec(target?.dataset.target ?? "");
    if (match) this.review.focusLine(Number(match[1]));
    const word = event.target.closest("[data-word]");
    if (word) this.review.fill(word.dataset.word);
  }

  /* Every word that was read lies over the picture while a field is open: a click fills it. */
  async offerWords(on) {
    if (on && !this.words) {
      this.words = [];
      try {
        const answer = await fetch(`${this.review.dataset.address}/words`);
        if (answer.ok) this.drawWords(await answer.json());
      } catch {
        this.words = null; // Away for a moment: the next field asks again.
      }
    }
    for (const word of this.words ?? []) word.classList.toggle("rv-hidden", !on);
  }

  drawWords(words) {
    for (const page of this.pane.querySelectorAll('[data-pages="now"] [data-page]')) {
      const [width, height] = [Number(page.dataset.width), Number(page.dataset.height)];
      const layer = page.querySelector("[data-turn]");
      for (const [text, number, x0, y0, x1, y1] of words) {
        if (number !== Number(page.dataset.page)) continue;
        const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        const place = { x: x0 * width, y: y0 * height, width: (x1 - x0) * width, height: (y1 - y0) * height };
        for (const [name, value] of Object.entries(place)) rect.setAttribute(name, value.toFixed(1));
        rect.setAttribute("class", "rv-word");
        rect.dataset.word = text;
        layer.append(rect);
        this.words.push(rect);
      }
    }
  }

  get earlier() {
    return this.pane.querySelector('[data-pages="earlier"]');
  }

  get earlierShown() {
    return this.earlier !== null && !this.earlier.hidden;
  }

  /* The document that this one looks like, beside it. */
  showEarlier(on) {
    const now = this.pane.querySelector('[data-pages="now"]');
    if (!this.earlier) return;
    this.earlier.hidden = !on;
    if (now) now.hidden = false;
    this.pane.classList.toggle("rv-both", on);
  }

  splitter() {
    const [split, bar] = [this.review.querySelector("[data-split]"), this.review.querySelector("[data-splitter]")];
    bar.hidden = false;
    const set = (share) => {
      const percent = Math.round(Math.min(75, Math.max(30, share)));
      split.style.setProperty("--split", `${percent}fr`);
      split.style.setProperty("--split-side", `${100 - percent}fr`);
      bar.setAttribute("aria-valuenow", String(percent));
      keep(SPLIT, String(percent));
    };
    const stored = Number(kept(SPLIT));
    if (stored) set(stored);
    const { signal } = this.review.quit;
    bar.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -3, ArrowRight: 3 }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      set(Number(bar.getAttribute("aria-valuenow")) + by);
    }, { signal });
    bar.addEventListener("pointerdown", (event) => {
      bar.setPointerCapture(event.pointerId);
      const box = split.getBoundingClientRect();
      const move = (moved) => set(((moved.clientX - box.left) / box.width) * 100);
      bar.addEventListener("pointermove", move);
      bar.addEventListener("pointerup", () => bar.removeEventListener("pointermove", move), { once: true });
    }, { signal });
  }
}

function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // Storage may be refused.
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    /* Then the split is as drawn next time. */
  }
}
