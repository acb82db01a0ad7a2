/* <doc-review>: keys, one question at a time, boxes, drafts, the lease, and the way to the next review.
   The form inside works without it. Key map and behaviour: every key stands on the page as data-key. */
import { Ahead, goAhead } from "./review-ahead.js";
import { Draft, Ended, goOn, Lease, Refused } from "./review-desk.js";
import { DocumentPane } from "./review-document.js";
import { Kept } from "./review-kept.js";

class DocReview extends HTMLElement {
  connectedCallback() {
    this.classList.add("live");
    this.form = this.querySelector("#decision");
    this.form.noValidate = true;
    this.opened = Date.now();
    this.doubts = [...this.querySelectorAll("[data-doubt]")];
    this.answered = new Set();
    this.past = [];
    this.quit = new AbortController();
    this.paper = new DocumentPane(this);
    this.lease = new Lease(this);
    this.draft = new Draft(this, this.lease);
    this.kept = new Kept(this);
    this.ahead = new Ahead(this.waiting ? "" : this.dataset.next);
    const commands = this.querySelector("[data-commands]");
    if (commands) commands.hidden = false;
    for (const row of this.querySelectorAll(".rv-row")) row.tabIndex = -1;
    for (const field of this.querySelectorAll(".rv-row input")) field.tabIndex = -1;
    const restored = this.kept.restore();
    this.state = new FormData(this.form);
    this.listen();
    if (restored) this.comeBack();
    this.begin();
  }

  /* What was typed when the session ended or the network was away. */
  comeBack() {
    for (const row of this.querySelectorAll(".rv-line")) this.redraw(Number(row.dataset.line));
    if (this.form.elements.why?.value) this.querySelector("#why").closest("[data-menu]").open = true;
    this.sayMain();
    this.draft.later();
    window.zalicz?.toast(this.dataset.restoredText);
  }

  disconnectedCallback() {
    this.quit?.abort();
    this.lease.end();
    this.draft.stop();
    this.ahead.stop();
    this.paper.drawing?.cancel();
  }

  /* Shown before the server took it: the decision that led here is on its way. */
  get waiting() {
    return "waiting" in this.dataset;
  }

  /* That decision stands and this review is taken. */
  confirmed({ until, next }) {
    delete this.dataset.waiting;
    this.dataset.mine = "";
    this.dataset.next = next;
    this.lease.extended(until);
    this.ahead = new Ahead(next, 0); // This page is painted long since.
  }

  listen() {
    const { signal } = this.quit;
    /* Before <hot-keys> sees it, and wherever the focus is: a menu may have opened an instant ago. */
    document.addEventListener("keydown", (event) => this.pressed(event), { signal, capture: true });
    this.addEventListener("hot-key", ({ detail }) => (this.byKey = /^\d$/.test(detail.key)), { signal });
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    this.addEventListener("change", (event) => this.changed(event), { signal });
    this.addEventListener("input", (event) => this.typed(event), { signal });
    this.addEventListener("focusin", (event) => this.focused(event), { signal });
    this.addEventListener("submit", (event) => this.submitted(event), { signal });
    for (const kind of ["keydown", "pointermove"]) {
      document.addEventListener(kind, () => this.lease.touched(), { signal, passive: true });
    }
    addEventListener("pagehide", () => this.lease.end({ giveBack: !this.leaving }), { signal });
    addEventListener("popstate", () => location.reload(), { signal });
  }

  begin() {
    const wrong = this.refusal();
    if (wrong) {
      this.showDoubt(this.doubts.findIndex((doubt) => !this.chosen(doubt)), false);
      wrong.focus();
    } else if (this.doubts.length) this.showDoubt(0);
    else if (document.activeElement === document.body) document.querySelector("#main h1")?.focus();
  }

  /* ── Questions ── */

  chosen(doubt) {
    const radio = doubt.querySelector("input[type=radio]:checked");
    if (!radio) return false;
    const typed = radio.closest(".rv-typed")?.querySelector("input[type=text]");
    return typed ? typed.value.trim() !== "" : true;
  }

  /* One amber question stands alone; -1 shows none. */
  showDoubt(index, focus = true) {
    this.current = index;
    this.doubts.forEach((doubt, place) => (doubt.hidden = place !== index));
    const calm = this.querySelector("[data-answered]");
    if (calm) calm.hidden = index >= 0;
    const doubt = this.doubts[index];
    if (!doubt) return;
    const [about] = doubt.dataset.doubt.split("-");
    this.paper.showEarlier(about === "same_purchase");
    this.choose(Number(doubt.dataset.line), about);
    if (!focus) return;
    const box = doubt.querySelector("fieldset");
    box.tabIndex = -1;
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
    const text = this.dataset.fieldText.replace("%(n)s", index + 1).replace("%(of)s", this.doubts.length);
    window.zalicz?.announce(text);
  }

  /* The answer stands: mark it and go to the next question, or to the main button. */
  accept() {
    const doubt = this.doubts[this.current];
    if (!doubt) return this.main()?.focus();
    if (!this.chosen(doubt)) return window.zalicz?.announce(this.dataset.answerText);
    this.answered.add(doubt);
    this.mark(doubt);
    const next = this.doubts.findIndex((other) => !this.answered.has(other));
    this.showDoubt(next);
    if (next < 0) this.main()?.focus();
  }

  mark(doubt) {
    const line = Number(doubt.dataset.line);
    const open = this.doubts.some((other) => Number(other.dataset.line) === line && !this.answered.has(other));
    const typed = doubt.querySelector(".rv-typed input:checked");
    const state = this.row(line)?.querySelector("[data-state]");
    const words = this.querySelector(`template[data-words="${typed ? "typed" : "confirmed"}"]`);
    if (state && words && !open) state.replaceChildren(words.content.cloneNode(true));
  }

  main() {
    return this.querySelector("[data-main]");
  }

  /* ── Lines ── */

  row(line) {
    return this.querySelector(`.rv-line[data-line="${line}"]`);
  }

  get rows() {
    return [...this.querySelectorAll(".rv-line")].filter((row) => row.offsetParent);
  }

  choose(line, field = "") {
    this.line = line;
    for (const row of this.querySelectorAll(".rv-line")) row.classList.toggle("on", Number(row.dataset.line) === line);
    if (line) this.paper.show(line, field);
  }

  /* To a line: to its open question if it has one, else to its row. */
  focusLine(line) {
    const asked = this.doubts.findIndex((doubt) => Number(doubt.dataset.line) === line);
    const folded = this.row(line)?.closest("details.rv-outside");
    if (folded) folded.open = true;
    if (asked >= 0) return this.showDoubt(asked);
    this.choose(line, "quantity");
    this.row(line)?.querySelector(".rv-row").focus();
  }

  stepLine(by) {
    const rows = this.rows;
    const here = rows.findIndex((row) => Number(row.dataset.line) === this.line);
    const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by];
    if (!next) return;
    this.choose(Number(next.dataset.line), "quantity");
    next.querySelector(".rv-row").focus();
  }

  focusedLine() {
    return document.activeElement?.closest?.(".rv-row") ? this.line : 0;
  }

  /* The line as the form has it now. */
  redraw(line) {
    const row = this.row(line);
    if (!row) return;
    const product = this.form.querySelector(`input[name="product-${line}"]:checked`);
    const verdict = this.form.elements[`verdict-${line}`]?.value ?? "";
    const name = product?.value === "other" ? this.form.elements[`other-${line}`].value : product?.dataset.name;
    const shown = row.querySelector('[data-shown="product"]');
    shown.textContent = name || (product?.value === "none" ? shown.dataset.outside : shown.dataset.none);
    row.classList.toggle("rv-foreign", row.classList.contains("rv-foreign") && product?.value === "none");
    row.classList.toggle("rv-off", Boolean(verdict) || product?.value === "none");
    const box = this.form.elements[`box-${line}`];
    if (box && box.value !== box.dataset.drawn) this.paper.draw(line, (box.dataset.drawn = box.value));
    const pick = this.form.querySelector(`input[name="pick-${line}"]:checked`);
    const quantity = row.querySelector('[data-shown="quantity"]');
    if (quantity) quantity.textContent = (pick && pick.value !== "typed" ? pick.value : this.form.elements[`quantity-${line}`].value) || "?";
  }

  showPoints({ total, lines, units = {} }) {
    for (const [line, text] of Object.entries(units)) {
      const shown = this.row(line)?.querySelector('[data-shown="units"]');
      if (shown) shown.textContent = text;
    }
    for (const [line, points] of Object.entries(lines)) {
      const shown = this.row(line)?.querySelector('[data-shown="points"]');
      if (shown) shown.textContent = points;
    }
    const sum = this.querySelector("[data-total]");
    if (sum) sum.textContent = total;
  }

  /* ── What people do ── */

  changed(event) {
    const { target } = event;
    if (!target.form || target.form !== this.form) return;
    this.remember();
    const line = Number(/-(\d+)$/.exec(target.name)?.[1] ?? 0);
    if (line) this.redraw(line);
    this.sayMain();
    if (target.matches(".rv-typed input[type=radio]")) target.closest(".rv-typed").querySelector("input[type=text]").focus();
  }

  /* A click or a digit is an answer, also on what was chosen already; arrows only look around. */
  answeredBy(target, pointed) {
    const byKey = this.byKey;
    this.byKey = false;
    if (!target.matches("[data-doubt] input[type=radio]") || target.closest(".rv-typed")) return;
    if (byKey || pointed) setTimeout(() => this.accept());
  }

  typed(event) {
    const { target } = event;
    if (target.form !== this.form || !target.matches("input[type=text]")) return;
    const radio = target.closest(".rv-typed")?.querySelector("input[type=radio]");
    if (radio) radio.checked = true;
    const line = Number(/-(\d+)$/.exec(target.name)?.[1] ?? 0);
    if (line) this.redraw(line);
    this.draft.later();
  }

  remember() {
    this.past.push(this.state);
    this.state = new FormData(this.form);
    this.draft.later();
  }

  undo() {
    const before = this.past.pop();
    if (!before) return document.querySelector("#toasts form button")?.click();
    for (const field of this.form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "submit") continue;
      if (field.type === "radio") field.checked = before.get(field.name) === field.value;
      else field.value = before.get(field.name) ?? "";
    }
    this.state = new FormData(this.form);
    for (const row of this.querySelectorAll(".rv-line")) this.redraw(Number(row.dataset.line));
    const reopened = [...this.answered].pop();
    if (reopened) {
      this.answered.delete(reopened);
      this.showDoubt(this.doubts.indexOf(reopened));
    }
    this.draft.later();
  }

  /* The main chord always says what it will do. */
  sayMain() {
    const main = this.main();
    if (!main) return;
    const same = this.form.querySelector('input[name="same"]:checked')?.value === "yes";
    const unsold = this.form.querySelector('input[name="sold"]:checked')?.value === "no";
    const typed = [...this.form.querySelectorAll('input[name^="new-product"]')].some((field) => field.value.trim());
    const counted = typed || this.querySelector("#number") || this.querySelector(".rv-line:not(.rv-off)");
    const act = same ? "duplicate" : unsold ? "unsold" : counted ? "approve" : "nothing";
    main.querySelector("[data-main-text]").textContent = main.dataset[act];
    main.querySelector("[data-main-sum]").hidden = act !== "approve";
  }

  focused({ target }) {
    const row = target.closest(".rv-line");
    if (row && Number(row.dataset.line) !== this.line) this.choose(Number(row.dataset.line), "quantity");
    this.field = target.matches("input[type=text]") ? target : this.field;
    const open = target.matches("input[type=text]") && target.form === this.form;
    this.paper.offerWords(open);
  }

  /* A word of the picture goes into the field that was open last. */
  fill(word) {
    if (!this.field?.isConnected) return;
    this.field.value = this.field.classList.contains("rv-number") ? word.replace(/[^\d.,]/g, "") : word;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    this.field.focus();
  }

  clicked(event) {
    const { target } = event;
    this.answeredBy(target, event.detail > 0);
    const link = target.closest("a[data-go]");
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.lease.end({ giveBack: true });
      return void this.travel(link.href);
    }
    const summary = target.closest("[data-menu] > summary");
    if (summary) {
      event.preventDefault();
      return void this.openMenu(summary.parentElement);
    }
    const command = target.closest("[data-do]");
    if (command) {
      event.preventDefault();
      return void this.command(command.dataset.do);
    }
    const fact = target.closest("[data-points-to]");
    if (fact) this.paper.point(fact.dataset.pointsTo);
    const row = target.closest(".rv-row");
    if (row && !target.closest("input")) this.focusLine(Number(row.parentElement.dataset.line));
  }

  command(what) {
    const acts = {
      "zoom-in": () => this.paper.zoomBy(1),
      "zoom-out": () => this.paper.zoomBy(-1),
      rotate: () => this.paper.turn(),
      box: () => this.drawBox(),
      "page-down": () => this.paper.step(1),
      "page-up": () => this.paper.step(-1),
      earlier: () => this.paper.showEarlier(!this.paper.earlierShown),
      accept: () => this.accept(),
      "line-down": () => this.stepLine(1),
      "line-up": () => this.stepLine(-1),
      type: () => this.openField(),
      drop: () => this.drop(),
      add: () => this.addLine(),
      undo: () => this.undo(),
    };
    acts[what]?.();
  }

  openField() {
    const line = this.focusedLine();
    const doubt = line ? null : this.doubts[this.current];
    const row = this.row(line || this.line) ?? this.rows[0];
    const field = doubt?.querySelector(".rv-typed input[type=text]") ?? row?.querySelector(".rv-quantity input");
    field?.focus();
    field?.select();
  }

  /* The box of the line that is looked at. */
  drawBox() {
    const line = this.line || Number(this.rows[0]?.dataset.line ?? 0);
    if (!line) return;
    this.choose(line, "quantity");
    this.row(line).querySelector(".rv-row").focus();
    this.paper.redraw(line);
  }

  drop() {
    const line = this.focusedLine();
    const radio = line && this.form.querySelector(`input[name="product-${line}"][value="none"]`);
    if (radio) radio.click();
  }

  addLine() {
    const more = this.querySelector("[data-add]");
    if (!more) return;
    more.open = true;
    [...more.querySelectorAll('input[name^="new-product"]')].find((field) => !field.value)?.focus();
  }

  /* ── Keys that need to know where the focus is ── */

  pressed(event) {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const { key, target } = event;
    const menu = this.querySelector("[data-menu][open]");
    if (menu && !target.matches("input[type=text]") && this.inMenu(event, menu)) return;
    if (!this.contains(target)) return;
    if (key === "Enter" && !event.ctrlKey && target.matches("input")) {
      event.preventDefault();
      if (target.closest("[data-doubt]")) this.accept();
      else if (target.closest("[data-menu]")) target.parentElement.querySelector("button").click();
      else this.afterField(target);
    } else if (key === "Tab" && target.matches("[data-doubt] fieldset")) {
      const open = this.openQuestion(event.shiftKey ? -1 : 1);
      if (open < 0) return; // Past the last one: on to the buttons, as everywhere.
      event.preventDefault();
      this.showDoubt(open);
    } else if (key === "Escape" && target.matches("input,select")) {
      event.preventDefault();
      this.afterField(target, true);
    } else if (/^[1-9]$/.test(key) && !event.ctrlKey && !event.altKey && target.closest(".rv-row") && !target.matches("input")) {
      const radios = this.row(this.line).querySelectorAll(`.rv-more input[name^="product-"]:not([value="other"])`);
      const radio = radios[Number(key) - 1];
      if (!radio) return;
      event.preventDefault();
      event.stopPropagation();
      radio.click();
    }
  }

  /* The next question in this direction that nobody answered; -1 where there is none. */
  openQuestion(by) {
    for (let place = this.current + by; this.doubts[place]; place += by) {
      if (!this.answered.has(this.doubts[place])) return place;
    }
    return -1;
  }

  inMenu(event, menu) {
    const item = /^[0-9]$/.test(event.key) && !event.ctrlKey && menu.querySelector(`[data-digit="${event.key}"]`);
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (item) {
      if (item.matches("input")) item.focus();
      else item.click();
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  afterField(field, back = false) {
    const doubt = field.closest("[data-doubt]");
    const line = Number(field.closest(".rv-line")?.dataset.line ?? 0);
    if (doubt) doubt.querySelector("fieldset").focus();
    else if (line) this.row(line).querySelector(".rv-row").focus();
    else if (back) document.querySelector("#main h1")?.focus();
    else {
      const typed = [...this.querySelectorAll(".rv-manual input, [data-add] input")];
      (typed[typed.indexOf(field) + 1] ?? this.main())?.focus();
    }
    if (!back && line) {
      const waiting = this.doubts.findIndex((other) => !this.answered.has(other));
      if (waiting >= 0) this.showDoubt(waiting);
      else this.stepLine(1);
    }
  }

  /* "Reject" means the focused line, or the whole claim from anywhere else. */
  openMenu(menu) {
    for (const other of this.querySelectorAll("[data-menu][open]")) if (other !== menu) other.open = false;
    menu.open = !menu.open;
    if (!menu.open) return;
    const title = menu.querySelector("[data-menu-title]");
    this.refusing = title ? this.focusedLine() : 0;
    if (title) title.textContent = this.refusing ? title.dataset.lineText.replace("%(n)s", this.refusing) : title.dataset.claimText;
    const panel = menu.querySelector(".menu-panel");
    panel.tabIndex = -1;
    panel.focus();
  }

  /* ── The way on ── */

  submitted(event) {
    const { submitter } = event;
    event.preventDefault();
    if (this.leaving) return;
    if (this.waiting) return void this.settled.then(() => this.isConnected && this.form.requestSubmit(submitter));
    if (this.refusing && submitter?.name === "reason") return void this.refuseLine(submitter.value);
    const main = submitter?.matches("[data-main]");
    const refused = this.form.elements.same?.value === "yes" || this.form.elements.sold?.value === "no";
    const open = main && !refused ? this.doubts.findIndex((doubt) => !this.chosen(doubt)) : -1;
    if (open >= 0) {
      window.zalicz?.toast(this.dataset.answerText);
      return void this.showDoubt(open);
    }
    this.draft.stop();
    this.kept.save();
    const ahead = this.mayGoAhead() ? this.ahead : null;
    const address = submitter?.getAttribute("formaction") ? submitter.formAction : this.form.action;
    this.sign(address, submitter);
    const body = new FormData(this.form, submitter);
    this.travel(address, { method: "POST", body, headers: { "X-CSRF-Token": this.dataset.csrf } }, ahead);
  }

  /* The same decision sent again is the same request; another one gets a key of its own. */
  sign(address, submitter) {
    const { idempotency_key: key, ms_spent: spent } = this.form.elements;
    const said = new FormData(this.form, submitter);
    said.delete("idempotency_key");
    said.delete("ms_spent");
    const text = `${address}?${new URLSearchParams(said)}`;
    if (this.sent === text) return;
    if (this.sent) key.value = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
    this.sent = text;
    spent.value = String(Date.now() - this.opened);
  }

  /* What a person typed may be refused: then the answer is waited for. */
  mayGoAhead() {
    const typed = [...this.form.querySelectorAll("#number, input[type=text]")].some((field) => field.value !== field.defaultValue);
    return Boolean(this.ahead.page) && !typed && !this.querySelector("#number") && !this.refusal();
  }

  /* What the server did not take stands above the review, with the page's other news. */
  refusal() {
    return document.querySelector("#main .error-summary");
  }

  refuseLine(reason) {
    const line = this.refusing;
    this.refusing = 0;
    for (const menu of this.querySelectorAll("[data-menu][open]")) menu.open = false;
    const select = this.form.elements[`verdict-${line}`];
    if (!select) return;
    select.value = reason;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    this.row(line).querySelector(".rv-row").focus();
  }

  async travel(address, options = {}, ahead = null) {
    if (this.waiting) await this.settled;
    if (!this.isConnected) return;
    this.leaving = true;
    this.classList.add("rv-busy");
    try {
      const taken = await (ahead ? goAhead(ahead, address, options) : goOn(address, options));
      this.unsure = !taken && options.method === "POST";
      if (taken && options.method === "POST") this.kept.drop();
    } catch (error) {
      if (error instanceof Ended) return void location.assign(this.signIn);
      this.unsure = !(error instanceof Refused);
      window.zalicz?.toast(error instanceof Refused ? error.message : this.dataset.awayText, "bad");
    } finally {
      this.leaving = false;
      this.classList.remove("rv-busy");
    }
  }

  get signIn() {
    return `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  }

  /* The session is over: what is typed stays in this tab until somebody signs in again. */
  ended() {
    if (this.told) return;
    this.told = true;
    window.zalicz?.toast(this.dataset.endedText, "bad");
  }

  /* A colleague has it now: nothing may be sent from here. Unless it was decided from here, and only
     the answer got lost: then the same decision may be sent again, and the server knows it. */
  lost() {
    if (this.unsure) return;
    if (this.main()) this.main().disabled = true;
    this.lease.end();
    window.zalicz?.toast(this.dataset.lostText, "bad");
  }
}

customElements.define("doc-review", DocReview);
