// Updates the role list, the URL, the history and the language switcher while a visitor types and selects
// filters. Without this script, the button of the form does the same.

import { parsePage, replaceElement } from "./page.js";

const TYPING_PAUSE = 300; // milliseconds without typing before a search
const REPLACED = ["result-count", "filter-count", "filter-list", "results", "clear-filters"]; // ids

const form = document.getElementById("search");
let request = new AbortController();
let timer;
let typing = false; // whether the current URL is from typing; the next URL then replaces it in the history

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

// Goes to the URL of the form. A typed word is one entry in the history, not one per character.
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
  request.abort();
  const { signal } = (request = new AbortController());
  const results = document.getElementById("results");
  results.setAttribute("aria-busy", "true");
  try {
    const page = await fetchList(address, signal, typed);
    if (restored) form.q.value = page.getElementById("q")?.value ?? "";
    if (!signal.aborted) updatePage(page);
  } catch {
    if (!signal.aborted) location.assign(address); // the browser shows the error
  }
}

async function fetchList(address, signal, typed) {
  const headers = typed ? { "Typing": "?1" } : {}; // the word may be incomplete
  const response = await fetch(address, { signal, headers, mode: "same-origin", redirect: "error" });
  if (!response.ok) throw new Error(response.statusText);
  return parsePage(response);
}

// Replaces parts of the page. Keeps the focus; screen readers announce the new count.
function updatePage(page) {
  const { id, name, value } = document.activeElement;
  document.title = page.title;
  for (const part of REPLACED) replace(document.getElementById(part), page.getElementById(part));
  replace(document.querySelector(".language-switcher"), page.querySelector(".language-switcher"));
  if (document.activeElement !== document.body) return;
  const sameInput = [...form.elements].find((input) => input.name === name && input.value === value);
  (sameInput ?? document.getElementById(id) ?? (name && form.q))?.focus?.({ preventScroll: true });
}

function replace(old, fresh) {
  if (!old || !fresh) return location.reload(); // the list has become empty, or is no longer empty
  if (old.id === "result-count") old.textContent = fresh.textContent; // a live region must not be replaced
  else replaceElement(old, fresh);
}
