// Live preview: both public pages of what is being typed, beside the form. Nothing is saved.
// Without this script the form has a button for each language, which opens the page in a new tab.

import { parsePage } from "./page.js";

const TYPING_PAUSE = 400; // milliseconds without typing before a preview is fetched
const STORAGE_KEY = "preview-open";
const wide = matchMedia("(width >= 64rem)"); // on narrower screens the panel lies over the form

const panel = document.getElementById("preview");
if (panel) start(panel, document.getElementById("preview-toggle"));

function start(panel, toggle) {
  const refresh = refresher(panel);
  const show = () => {
    if (wide.matches) panel.open = true; // unlike show(), this leaves the focus where it is
    else panel.showModal();
    document.documentElement.classList.toggle("previewing", wide.matches);
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
  wide.addEventListener("change", () => {
    if (panel.open) panel.close();
    if (wide.matches && remembered()) show();
  });
  follow(document.getElementById(panel.dataset.form), refresh);
  scale(panel);
  if (wide.matches && remembered()) show();
}

// --- The form ---------------------------------------------------------------------------------

// Waits while an input method composes a word.
function follow(form, refresh) {
  let timer;
  let composing = false;
  const later = () => {
    clearTimeout(timer);
    if (!composing) timer = setTimeout(refresh, TYPING_PAUSE);
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
  form.addEventListener("focusin", later); // the calendar sends no event but moves the focus
  document.addEventListener("formset:removed", later);
  // Another layout shows other languages.
  new MutationObserver(later).observe(document.body, { attributeFilter: ["class"] });
}

function refresher(panel) {
  const form = document.getElementById(panel.dataset.form);
  const trouble = panel.querySelector(".problem");
  let running = new AbortController();
  let previewed; // addresses and fields of the preview in view
  return async () => {
    if (!panel.open) return;
    const body = textFields(form);
    const shown = [...panel.querySelectorAll("iframe")].filter((frame) => frame.offsetParent);
    const now = `${shown.map((frame) => frame.dataset.address)} ${body}`;
    if (now === previewed) return;
    previewed = now;
    running.abort();
    const { signal } = (running = new AbortController());
    try {
      const answers = await Promise.all(shown.map((frame) => ask(frame, body, signal)));
      if (signal.aborted) return;
      trouble.textContent = answers.find(({ reason }) => reason)?.reason ?? "";
      answers.forEach(({ page }, index) => page && put(shown[index], page));
    } catch {
      if (signal.aborted) return;
      trouble.textContent = panel.dataset.errorText;
      previewed = undefined;
    }
  };
}

// Without files: they would be uploaded with every change.
function textFields(form) {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(fields);
}

// A page, or the reason why there is none: what has to be chosen first.
async function ask(frame, body, signal) {
  const options = { method: "POST", body, signal, redirect: "error" };
  const response = await fetch(frame.dataset.address, options);
  if (response.status === 422) return { reason: await response.text() };
  if (!response.ok) throw new Error(response.statusText);
  return { page: await parsePage(response) };
}

// --- The pages --------------------------------------------------------------------------------

// The first page is loaded into the frame; later ones replace its body, which keeps the scroll position.
function put(frame, page) {
  page.querySelectorAll("script").forEach((script) => script.remove());
  const shown = frame.contentDocument;
  if (frame.hasAttribute("srcdoc") && shown?.readyState === "complete") {
    shown.title = page.title;
    shown.body.replaceWith(shown.adoptNode(page.body));
    return;
  }
  // Links lead nowhere: before the listeners are there, to a new window, which the sandbox forbids.
  const base = page.createElement("base");
  base.target = "_blank";
  page.head.prepend(base);
  frame.addEventListener("load", () => disableLinks(frame.contentDocument), { once: true });
  frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`;
}

function disableLinks(page) {
  const stop = (event) => event.target.closest?.("a, form, button") && event.preventDefault();
  for (const kind of ["click", "auxclick", "submit"]) page.addEventListener(kind, stop);
}

// Each page is as wide as a device, scaled down to the space of its frame.
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

// --- Remembering that it is open --------------------------------------------------------------

function remembered() {
  try {
    return localStorage.getItem(STORAGE_KEY) === "yes";
  } catch {
    return false;
  }
}

function remember(open) {
  try {
    localStorage.setItem(STORAGE_KEY, open ? "yes" : "no");
  } catch {
    // Without storage the panel is closed the next time.
  }
}
