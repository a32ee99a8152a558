// Live preview: both public pages of what is being typed, beside the form. Nothing is saved.
// Without this file the form has a button for each language, which opens the page in a new tab.
"use strict";

(() => {
  const PAUSE = 400; // milliseconds without typing
  const OPEN = "preview-open";
  const roomy = matchMedia("(width >= 64rem)"); // elsewhere the panel is a sheet over the form

  document.addEventListener("DOMContentLoaded", () => {
    const panel = document.getElementById("preview");
    if (panel) equip(panel, document.getElementById("preview-toggle"));
  });

  function equip(panel, toggle) {
    const refresh = refresher(panel);
    const show = () => {
      if (roomy.matches) panel.open = true; // unlike show(), this leaves the focus where it is
      else panel.showModal();
      document.documentElement.classList.toggle("previewing", roomy.matches);
      toggle.setAttribute("aria-expanded", true);
      refresh();
    };
    panel.addEventListener("close", () => {
      document.documentElement.classList.remove("previewing");
      toggle.setAttribute("aria-expanded", false);
    });
    const hide = () => {
      panel.close();
      toggle.focus();
    };
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      remember(!panel.open);
      if (panel.open) panel.close();
      else show();
    });
    panel.querySelector(".close-button").addEventListener("click", () => {
      remember(false);
      hide();
    });
    roomy.addEventListener("change", () => {
      if (panel.open) panel.close();
      if (roomy.matches && remembered()) show();
    });
    follow(document.getElementById(panel.dataset.form), refresh);
    scale(panel);
    if (roomy.matches && remembered()) show();
  }

  // --- What is typed ----------------------------------------------------------------------------

  // A half-composed word is not yet written.
  function follow(form, refresh) {
    let timer;
    let composing = false;
    const later = () => {
      clearTimeout(timer);
      if (!composing) timer = setTimeout(refresh, PAUSE);
    };
    form.addEventListener("compositionstart", () => {
      composing = true;
      clearTimeout(timer);
    });
    form.addEventListener("compositionend", () => {
      composing = false;
      later();
    });
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("focusin", later); // the calendar writes in silence, then gives the focus
    document.addEventListener("formset:removed", later);
    // Another layout shows other languages.
    new MutationObserver(later).observe(document.body, { attributeFilter: ["class"] });
  }

  function refresher(panel) {
    const form = document.getElementById(panel.dataset.form);
    const trouble = panel.querySelector(".problem");
    let running = new AbortController();
    let known;
    return async () => {
      if (!panel.open) return;
      const body = typed(form);
      const shown = [...panel.querySelectorAll("iframe")].filter((frame) => frame.offsetParent);
      const now = `${shown.map((frame) => frame.dataset.address)} ${body}`;
      if (now === known) return;
      known = now;
      running.abort();
      const { signal } = (running = new AbortController());
      try {
        const answers = await Promise.all(shown.map((frame) => ask(frame, body, signal)));
        if (signal.aborted) return;
        trouble.textContent = answers.find(({ said }) => said)?.said ?? "";
        answers.forEach(({ page }, index) => page && put(shown[index], page));
      } catch {
        if (signal.aborted) return;
        trouble.textContent = panel.dataset.errorText;
        known = undefined;
      }
    };
  }

  // Everything but files: they would travel with every word.
  function typed(form) {
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    return new URLSearchParams(fields);
  }

  // A page, or what is said in its place: what has to be chosen first.
  async function ask(frame, body, signal) {
    const options = { method: "POST", body, signal, redirect: "error" };
    const answer = await fetch(frame.dataset.address, options);
    const text = await answer.text();
    if (answer.status === 422) return { said: text };
    if (!answer.ok) throw new Error(answer.statusText);
    return { page: new DOMParser().parseFromString(text, "text/html") };
  }

  // --- What is seen -----------------------------------------------------------------------------

  // Only the first page is loaded; later ones take its place where the reader is, without a flicker.
  function put(frame, page) {
    page.querySelectorAll("script").forEach((script) => script.remove());
    const inside = frame.contentDocument;
    if (frame.hasAttribute("srcdoc") && inside?.readyState === "complete") {
      inside.title = page.title;
      inside.body.replaceWith(inside.adoptNode(page.body));
      return;
    }
    // Links lead nowhere: into a new window, which the sandbox forbids, if nobody listens.
    const base = page.createElement("base");
    base.target = "_blank";
    page.head.prepend(base);
    frame.addEventListener("load", () => still(frame.contentDocument), { once: true });
    frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`;
  }

  function still(inside) {
    const stop = (event) => event.target.closest?.("a, form, button") && event.preventDefault();
    for (const kind of ["click", "auxclick", "submit"]) inside.addEventListener(kind, stop);
  }

  // Each page is as wide as a device, and drawn as small as its place.
  function scale(panel) {
    const slots = [...panel.querySelectorAll(".device")];
    const buttons = [...panel.querySelectorAll("[data-width]")];
    let width = 390;
    const fit = () => {
      for (const slot of slots) {
        const size = Math.min(1, slot.clientWidth / width) || 1;
        const { style } = slot.firstElementChild;
        style.width = `${width}px`;
        style.height = `${slot.clientHeight / size}px`;
        style.transform = `scale(${size})`;
      }
    };
    const choose = (button) => {
      width = Number(button.dataset.width);
      panel.classList.toggle("wide", width > 390);
      for (const one of buttons) one.setAttribute("aria-pressed", one === button);
      fit();
    };
    for (const button of buttons) button.addEventListener("click", () => choose(button));
    const observer = new ResizeObserver(fit);
    slots.forEach((slot) => observer.observe(slot));
  }

  // --- Whether it is open -----------------------------------------------------------------------

  function remembered() {
    try {
      return localStorage.getItem(OPEN) === "yes";
    } catch {
      return false;
    }
  }

  function remember(open) {
    try {
      localStorage.setItem(OPEN, open ? "yes" : "no");
    } catch {
      // Then it is closed the next time.
    }
  }
})();
