// Updates the list of openings while a visitor types and chooses, and with it the address, the history
// and the language switch. Without this script the form has a button, which does the same.

import { parsePage, replaceElement } from "./page.js";

const TYPING_PAUSE = 300; // milliseconds without typing before a search
const REPLACED = ["result-count", "filter-count", "filter-list", "results", "clear-filters"]; // ids

const form = document.getElementById("search");
let running = new AbortController();
let timer;
let typing = false; // whether typing led to the address in view; the next one then replaces it

if (form) start();

function start() {
  // Not while an input method composes a word (Japanese, Chinese, Korean).
  form.q.addEventListener("input", (event) => !event.isComposing && later());
  form.q.addEventListener("compositionstart", () => clearTimeout(timer));
  form.q.addEventListener("compositionend", later);
  form.addEventListener("change", (event) => event.target !== form.q && search(false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search(false);
  });
  addEventListener("popstate", () => {
    clearTimeout(timer);
    typing = false;
    show(location.href, { restored: true });
  });
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(search, TYPING_PAUSE, true);
}

// Goes to the address that the form leads to. A typed word is one step in the history, not one a letter.
function search(typed) {
  clearTimeout(timer);
  const address = formAddress();
  if (address === location.pathname + location.search) return;
  history[typed && typing ? "replaceState" : "pushState"](null, "", address);
  typing = typed;
  show(address, { typed });
}

function formAddress() {
  const fields = [...new FormData(form)].map(([name, value]) => [name, value.trim()]);
  const query = new URLSearchParams(fields.filter(([, value]) => value)).toString();
  return location.pathname + (query && `?${query}`);
}

async function show(address, { restored = false, typed = false } = {}) {
  running.abort();
  const { signal } = (running = new AbortController());
  const results = document.getElementById("results");
  results.setAttribute("aria-busy", "true");
  try {
    const page = await fetchList(address, signal, typed);
    if (restored) form.q.value = page.getElementById("q")?.value ?? "";
    if (!signal.aborted) put(page);
  } catch {
    if (!signal.aborted) location.assign(address); // the browser shows what is wrong
  }
}

async function fetchList(address, signal, typed) {
  const headers = typed ? { "Typing": "?1" } : {}; // perhaps half a word
  const response = await fetch(address, { signal, headers, mode: "same-origin", redirect: "error" });
  if (!response.ok) throw new Error(response.statusText);
  return parsePage(response);
}

// Replaces the parts of the page. The focus stays where it was; screen readers announce the new count.
function put(page) {
  const { id, name, value } = document.activeElement;
  document.title = page.title;
  for (const part of REPLACED) replace(document.getElementById(part), page.getElementById(part));
  replace(document.querySelector(".language-switcher"), page.querySelector(".language-switcher"));
  if (document.activeElement !== document.body) return;
  const again = [...form.elements].find((one) => one.name === name && one.value === value);
  (again ?? document.getElementById(id) ?? (name && form.q))?.focus?.({ preventScroll: true });
}

function replace(old, fresh) {
  if (!old || !fresh) return location.reload(); // the list has become empty, or is so no longer
  if (old.id === "result-count") old.textContent = fresh.textContent; // a live region stays the same element
  else replaceElement(old, fresh);
}
