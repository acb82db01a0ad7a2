/* What every page does beyond HTML: theme at once, CSRF for htmx, focus after a swap, toasts, dialogs.
   Pages work without it. Elements with more to do come in files of their own, loaded when a page has them. */
(() => {
  "use strict";
  const here = document.currentScript.src;
  const NEWS = ".error-summary, [data-focus]";
  const texts = () => document.body.dataset;
  const find = (selector, root = document) => root.querySelector(selector);
  const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* Says a sentence to people who do not see the screen. */
  function announce(text) {
    const region = find("#status");
    if (!region) return;
    region.textContent = "";
    setTimeout(() => (region.textContent = text), 50);
  }

  function toast(text, kind = "") {
    const note = document.createElement("div");
    note.className = `toast-note${kind ? ` toast-${kind}` : ""}`;
    note.dataset.toast = "6";
    note.textContent = text;
    find("#toasts")?.append(note);
    watchToasts();
  }

  /* A toast leaves on its own, but never under the pointer or with the focus inside. */
  function watchToasts(root = document) {
    for (const note of findAll("[data-toast]:not([data-watched])", root)) {
      note.dataset.watched = "1";
      const leave = () => {
        if (note.matches(":hover, :focus-within")) setTimeout(leave, 1500);
        else note.remove();
      };
      setTimeout(leave, Number(note.dataset.toast) * 1000);
    }
  }

  /* After new content: the error summary, else the heading, gets the focus and so is read first. */
  function focusNews(root) {
    const target = root.matches?.(NEWS) ? root : find(".error-summary", root) ?? find(NEWS, root) ?? find("h1", root);
    if (!target) return;
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus({ preventScroll: !target.matches(".error-summary") });
  }

  /* Elements that bring their own file; the file is asked for only where the element stands. */
  const ELEMENTS = { "up-progress": "upload.js", "hot-keys": "hot-keys.js", "code-scan": "code-scan.js" };
  function loadElements(root = document) {
    for (const [name, file] of Object.entries(ELEMENTS)) {
      if (!customElements.get(name) && (find(name, root) || root.matches?.(name))) import(new URL(file, here));
    }
  }

  function setTheme(theme, form) {
    document.documentElement.dataset.bsTheme = theme;
    for (const button of findAll('[data-preferences] button[name="theme"]')) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
    const body = new FormData(form);
    body.set("theme", theme);
    fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
  }

  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (form.matches("[data-preferences]") && submitter?.name === "theme") {
      event.preventDefault();
      setTheme(submitter.value, form);
      return;
    }
    if (event.defaultPrevented || form.matches("[hx-post],[hx-put],[data-hx-post]")) return;
    /* A second tap must not send a second time; the way back in the browser's history frees the button. */
    if (form.dataset.sent) event.preventDefault();
    else if (form.method === "post") {
      form.dataset.sent = "1";
      setTimeout(() => delete form.dataset.sent, 5000); // A download leaves the page as it is.
    }
  });
  /* One box ticks all of a name in its form, or none. */
  document.addEventListener("change", ({ target }) => {
    const name = target.closest?.("[data-all]")?.dataset.all;
    if (name) for (const box of findAll(`input[name="${name}"]`, target.form)) box.checked = target.checked;
  });
  addEventListener("pageshow", () => findAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      dialog.showModal();
    }
    if (event.target.closest?.("[data-close]")) event.target.closest("dialog")?.close();
    for (const menu of findAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of findAll("details.menu[open]")) {
      menu.open = false;
      if (menu.contains(document.activeElement)) find("summary", menu).focus();
    }
  });

  document.addEventListener("htmx:configRequest", ({ detail }) => {
    detail.headers["X-CSRF-Token"] = find('meta[name="csrf-token"]')?.content ?? "";
  });
  document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
    if (target.id === "main" || detail.target?.id === "main") focusNews(find("#main"));
    else if (target.matches?.(NEWS) || find(NEWS, target)) focusNews(target);
  });
  document.addEventListener("htmx:load", ({ detail }) => {
    loadElements(detail.elt);
    watchToasts();
  });
  document.addEventListener("htmx:responseError", () => toast(texts().error, "bad"));
  document.addEventListener("htmx:sendError", () => toast(texts().offline, "bad"));
  /* Servers speak through the header HX-Trigger: {"announce": {"text": "…"}}. */
  document.addEventListener("announce", ({ detail }) => announce(detail.text ?? detail.value ?? ""));

  window.zalicz = { announce, toast, focusNews };
  const start = () => {
    loadElements();
    watchToasts();
    for (const all of findAll("[data-all]")) all.hidden = false;
    for (const tab of findAll(".tabs [aria-current]")) {
      const bar = tab.parentElement; // On a phone the tabs scroll: the one that is open stays in sight.
      bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
    }
    find(".error-summary")?.focus();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
