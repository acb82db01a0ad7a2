/* What is typed on a review, kept in this tab until the server has it: a session may end, a network go away.
   It belongs to one person and one review and leaves with the tab. */
const LEAVE_OUT = new Set(["csrf_token", "idempotency_key", "ms_spent", "seen", "cause", "branch", "due"]);
const HERE_ONLY = ["why", "asked"]; // words that the server keeps in no draft

export class Kept {
  constructor(review) {
    this.form = review.form;
    this.key = `zalicz-review-${review.dataset.address.split("/").pop()}`;
    this.me = review.dataset.me;
  }

  save() {
    const fields = {};
    for (const [name, value] of new FormData(this.form)) if (!LEAVE_OUT.has(name)) fields[name] = value;
    put(this.key, JSON.stringify({ me: this.me, fields }));
  }

  /* The server has the draft; reasons and questions in own words it has not. */
  saved() {
    if (!HERE_ONLY.some((name) => this.form.elements[name]?.value)) this.drop();
  }

  drop() {
    put(this.key, "");
  }

  /* Puts back what was typed; whether that differs from what stands on the page. */
  restore() {
    let known;
    try {
      known = JSON.parse(sessionStorage.getItem(this.key) ?? "null");
    } catch {
      return false; // Storage may be refused.
    }
    if (known?.me !== this.me) return false;
    let changed = false;
    for (const field of this.form.elements) {
      if (!(field.name in known.fields) || LEAVE_OUT.has(field.name) || field.type === "submit") continue;
      const value = known.fields[field.name];
      if (field.type === "radio") {
        changed ||= field.checked !== (value === field.value);
        field.checked = value === field.value;
      } else {
        changed ||= field.value !== value;
        field.value = value;
      }
    }
    return changed;
  }
}

function put(key, text) {
  try {
    if (text) sessionStorage.setItem(key, text);
    else sessionStorage.removeItem(key);
  } catch {
    /* Then only the server's draft remains. */
  }
}
