/* The review that comes next: drawn by the server while this one is looked at, shown the moment it is decided.
   It is looked at only until the server says that the decision stands and the next one is taken; it decides nothing
   before. Where the server says something else, its page comes instead, or this one comes back with the reason. */
import { Ended, exchange, hasEnded, parsed, put, refusal, Refused, toasts } from "./review-desk.js";

const SETTLE_MS = 150; // first the page that somebody looks at, then the next one

export class Ahead {
  constructor(address, after = SETTLE_MS) {
    this.address = address;
    this.page = null;
    this.quit = new AbortController();
    if (address) this.timer = setTimeout(() => this.load(), after);
  }

  stop() {
    clearTimeout(this.timer);
    this.quit.abort();
  }

  async load() {
    try {
      const answer = await fetch(this.address, { signal: this.quit.signal, priority: "low", headers: { "X-Ahead": "1" } });
      if (!answer.ok || answer.redirected) return;
      const page = parsed(await answer.text());
      if (!page.querySelector("doc-review[data-workable]")) return;
      this.pictures = await Promise.all([...page.querySelectorAll(".rv-page image")].slice(0, 2).map(decoded));
      if (!this.quit.signal.aborted) this.page = page;
    } catch {
      /* Away for a moment: the decision brings the next page itself. */
    }
  }

  get mark() {
    return this.page.querySelector("doc-review").dataset.mark;
  }
}

async function decoded(image) {
  const picture = new Image();
  picture.src = image.getAttribute("href");
  await picture.decode().catch(() => {});
  return picture;
}

/* Shows the page that is drawn already and sends the decision behind it; whether it stands. */
export async function goAhead(ahead, address, options) {
  const here = { address: location.href, title: document.title };
  const headers = { ...options.headers, "X-Ahead": ahead.mark };
  const sent = fetch(address, { ...options, headers, keepalive: true });
  let settle;
  const settled = new Promise((done) => (settle = done));
  ahead.page.querySelector("doc-review").settled = settled;
  ahead.page.querySelector("doc-review").dataset.waiting = "";
  here.parts = put(ahead.page, ahead.address);
  try {
    const answer = await sent;
    if (hasEnded(answer)) throw new Ended();
    return await conclude(answer, here);
  } catch (error) {
    history.replaceState({ review: true }, "", here.address);
    document.title = here.title;
    for (const [selector, old] of here.parts) document.querySelector(selector).replaceWith(old);
    if (error instanceof Ended) throw error;
    window.zalicz?.toast(error instanceof Refused ? error.message : document.querySelector("doc-review").dataset.awayText, "bad");
    return false;
  } finally {
    settle();
  }
}

async function conclude(answer, here) {
  const said = parsed(await answer.text());
  const stands = said.querySelector("[data-confirmed]");
  if (stands) {
    exchange(said, [".topbar-status", ".topbar .wide-only", "#toasts", ".full-notes", ".rv-steps"]);
    toasts();
    document.querySelector("doc-review").confirmed(stands.dataset);
  } else if (said.querySelector("doc-review")) {
    put(said, answer.redirected ? answer.url : here.address, { instead: true });
    return answer.redirected;
  } else if (answer.ok) location.assign(answer.url);
  else throw refusal(said);
  return true;
}
