// Live preview: both public pages of the unsaved form, beside it. Without this script the form has a button
// for each language, which opens the page in a new tab.

import { parsePage } from "./page.js";

const TYPING_PAUSE = 400; // milliseconds without typing before a preview is fetched
const STORAGE_KEY = "preview-open";
const wide = matchMedia("(width >= 64rem)"); // on narrower screens the panel covers the form

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
    storeOpen(!panel.open);
    if (panel.open) panel.close();
    else show();
  });
  panel.querySelector(".close-button").addEventListener("click", () => {
    storeOpen(false);
    hide();
  });
  wide.addEventListener("change", () => {
    if (panel.open) panel.close();
    if (wide.matches && wasOpen()) show();
  });
  follow(document.getElementById(panel.dataset.form), refresh);
  scale(panel);
  if (wide.matches && wasOpen()) show();
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
  const message = panel.querySelector(".problem");
  let request = new AbortController();
  let previewKey; // URLs and fields of the current preview
  return async () => {
    if (!panel.open) return;
    const body = textFields(form);
    const frames = [...panel.querySelectorAll("iframe")].filter((frame) => frame.offsetParent);
    const key = `${frames.map((frame) => frame.dataset.url)} ${body}`;
    if (key === previewKey) return;
    previewKey = key;
    request.abort();
    const { signal } = (request = new AbortController());
    try {
      const previews = await Promise.all(frames.map((frame) => fetchPreview(frame, body, signal)));
      if (signal.aborted) return;
      message.textContent = previews.find(({ reason }) => reason)?.reason ?? "";
      previews.forEach(({ page }, index) => page && showPage(frames[index], page));
    } catch {
      if (signal.aborted) return;
      message.textContent = panel.dataset.errorText;
      previewKey = undefined;
    }
  };
}

// Without files: they would be uploaded with every change.
function textFields(form) {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(fields);
}

// A page, or the reason why there is none, such as an empty required choice.
async function fetchPreview(frame, body, signal) {
  const options = { method: "POST", body, signal, redirect: "error" };
  const response = await fetch(frame.dataset.url, options);
  if (response.status === 422) return { reason: await response.text() };
  if (!response.ok) throw new Error(response.statusText);
  return { page: await parsePage(response) };
}

// --- The pages --------------------------------------------------------------------------------

// The first page is loaded into the frame; later ones replace its body, which keeps the scroll position.
function showPage(frame, page) {
  page.querySelectorAll("script").forEach((script) => script.remove());
  const current = frame.contentDocument;
  if (frame.hasAttribute("srcdoc") && current?.readyState === "complete") {
    current.title = page.title;
    current.body.replaceWith(current.adoptNode(page.body));
    return;
  }
  // Links are disabled: until the listeners are added, they open a new window, which the sandbox forbids.
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

// Each page is as wide as a device, scaled down to fit its frame.
function scale(panel) {
  const devices = [...panel.querySelectorAll(".device")];
  const buttons = [...panel.querySelectorAll("[data-width]")];
  let width = 390;
  const fit = () => {
    for (const device of devices) {
      const factor = Math.min(1, device.clientWidth / width) || 1;
      const { style } = device.firstElementChild;
      style.width = `${width}px`;
      style.height = `${device.clientHeight / factor}px`;
      style.transform = `scale(${factor})`;
    }
  };
  const choose = (button) => {
    width = Number(button.dataset.width);
    panel.classList.toggle("wide", width > 390);
    for (const other of buttons) other.setAttribute("aria-pressed", other === button);
    fit();
  };
  for (const button of buttons) button.addEventListener("click", () => choose(button));
  const observer = new ResizeObserver(fit);
  devices.forEach((device) => observer.observe(device));
}

// --- The stored state of the panel -------------------------------------------------------------

function wasOpen() {
  try {
    return localStorage.getItem(STORAGE_KEY) === "yes";
  } catch {
    return false;
  }
}

function storeOpen(open) {
  try {
    localStorage.setItem(STORAGE_KEY, open ? "yes" : "no");
  } catch {
    // Without storage, the panel is closed on the next page.
  }
}
