/* What a review says to the server: the lease while somebody works, drafts with their points, and the way on. */
const RENEW_MS = 60_000;
const DRAFT_MS = 350;

export class Lease {
  constructor(review) {
    this.review = review;
    this.label = review.querySelector("[data-lease]");
    this.until = review.dataset.until ? Date.parse(review.dataset.until) : 0;
    this.renewed = Date.now();
    this.active = false;
    if (!("workable" in review.dataset)) return;
    this.clock = setInterval(() => this.tick(), 1000);
    if (!this.until && !review.waiting) this.renew();
  }

  /* Somebody is at the desk: the lease is lengthened at the next turn. */
  touched() {
    this.active = true;
  }

  extended(until) {
    if (until) this.until = Date.parse(until);
    this.renewed = Date.now();
    this.active = false;
    this.tick();
  }

  tick() {
    if (this.active && Date.now() - this.renewed > RENEW_MS) this.renew();
    const left = Math.max(0, Math.round((this.until - Date.now()) / 1000));
    if (!this.until || !this.label) return;
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    this.label.textContent = left ? this.review.dataset.mineText.replace("%(time)s", time) : "";
  }

  async renew() {
    this.renewed = Date.now();
    try {
      const answer = await send(this.review, "lease", new FormData());
      if (answer.ok) this.extended((await answer.json()).until);
      else if (answer.status === 409) this.review.lost();
    } catch {
      /* Away for a moment: the lease still runs. */
    }
  }

  end({ giveBack = false } = {}) {
    clearInterval(this.clock);
    if (!giveBack || !this.until) return;
    const body = new FormData();
    body.set("csrf_token", this.review.dataset.csrf);
    body.set("give_back", "1");
    navigator.sendBeacon(`${this.review.dataset.address}/lease`, body);
  }
}

export class Draft {
  constructor(review, lease) {
    this.review = review;
    this.lease = lease;
    this.number = 0;
  }

  later() {
    this.review.kept.save();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), DRAFT_MS);
  }

  stop() {
    clearTimeout(this.timer);
    this.number += 1;
  }

  async keep() {
    const number = ++this.number;
    if (this.review.waiting) await this.review.settled;
    if (number !== this.number) return;
    try {
      const answer = await send(this.review, "draft", new FormData(this.review.form));
      if (number !== this.number || this.review.leaving) return; // Something newer happened meanwhile.
      if (answer.status === 409) return void this.review.lost();
      if (hasEnded(answer)) return void this.review.ended();
      if (!answer.ok) return;
      const said = await answer.json();
      this.review.kept.saved();
      this.lease.extended(said.until);
      this.review.showPoints(said);
    } catch {
      /* The form itself still holds everything. */
    }
  }
}

function send(review, what, body) {
  return fetch(`${review.dataset.address}/${what}`, {
    method: "POST",
    body,
    headers: { "X-CSRF-Token": review.dataset.csrf },
  });
}

export class Refused extends Error {}

/* Nobody is signed in any more: nothing was done. */
export class Ended extends Error {}

export function hasEnded(answer) {
  return answer.redirected && new URL(answer.url).pathname.startsWith("/sign-in");
}

/* Sends the form or follows a link and puts the page that answers in place of this one; whether the server took it. */
export async function goOn(address, options = {}) {
  const answer = await fetch(address, options);
  if (hasEnded(answer)) throw new Ended();
  const came = new URL(answer.url);
  const next = parsed(await answer.text());
  if (!next.querySelector("doc-review")) {
    /* The first try had arrived after all: what it led to. */
    const stands = next.querySelector("[data-confirmed]");
    if (!stands && !answer.ok) throw refusal(next);
    location.assign(stands ? stands.dataset.here : came);
    return true;
  }
  put(next, options.method === "POST" && !answer.redirected ? null : came);
  return answer.redirected;
}

export function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

/* Somebody was quicker, or a form is too old: what the page of the problem says. */
export function refusal(page) {
  const said = [page.querySelector("h1"), page.querySelector("#main p")].map((item) => item?.textContent.trim());
  return new Refused(said.filter(Boolean).join(". "));
}

/* The parts of a page that change from review to review. */
const PARTS = [".topbar-status", ".topbar .wide-only", "#toasts", "#main"];

/* Puts the parts of another page in place; answers with the parts that stood there. */
export function put(next, address, { instead = false } = {}) {
  const before = exchange(next, PARTS);
  document.title = next.title;
  if (address) {
    const plain = new URL(address, location.href);
    plain.searchParams.delete("done");
    plain.searchParams.delete("aside");
    history[instead ? "replaceState" : "pushState"]({ review: true }, "", plain);
  }
  window.htmx?.process(document.querySelector("#main"));
  toasts();
  return before;
}

export function exchange(next, selectors) {
  const before = [];
  for (const selector of selectors) {
    const [old, made] = [document.querySelector(selector), next.querySelector(selector)];
    if (!old || !made) continue;
    old.replaceWith(document.adoptNode(made));
    before.push([selector, old]);
  }
  return before;
}

export function toasts() {
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: document.querySelector("#toasts") } }));
}
