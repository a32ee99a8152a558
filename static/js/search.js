// The list of openings follows what is typed and chosen, without leaving the page: the address, Back
// and the language switch go along. Without this script the form has a button, which does the same.

const PAUSE = 300; // milliseconds without typing
const REPLACED = ["result-count", "filter-count", "filter-list", "results", "clear-filters"];

const policy = globalThis.trustedTypes?.createPolicy("page", { createHTML: only });
const form = document.getElementById("search");
let running = new AbortController();
let body; // of the answer that came last
let timer;
let typing = false; // the page in view was asked for by typing: the next letter takes its place

if (form) equip();

function equip() {
  // A word that is still being composed (Japanese, Chinese, Korean) is not yet written.
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
  timer = setTimeout(search, PAUSE, true);
}

// To the address that the form would lead to. While somebody types, a word is one step back, not ten.
function search(typed) {
  clearTimeout(timer);
  const address = asked();
  if (address === location.pathname + location.search) return;
  history[typed && typing ? "replaceState" : "pushState"](null, "", address);
  typing = typed;
  show(address, { typed });
}

function asked() {
  const said = [...new FormData(form)].map(([name, value]) => [name, value.trim()]);
  const query = new URLSearchParams(said.filter(([, value]) => value)).toString();
  return location.pathname + (query && `?${query}`);
}

async function show(address, { restored = false, typed = false } = {}) {
  running.abort();
  const { signal } = (running = new AbortController());
  const results = document.getElementById("results");
  results.setAttribute("aria-busy", "true");
  try {
    const page = await fetched(address, signal, typed);
    if (restored) form.q.value = page.getElementById("q")?.value ?? "";
    if (!signal.aborted) put(page);
  } catch {
    if (!signal.aborted) location.assign(address); // the browser says what is wrong
  }
}

// What is new of the page takes its place; what has the focus keeps it, and a count that changes is read out.
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
  if (!old || !fresh) return location.reload(); // the list has become empty, or is no longer
  if (old.id === "result-count") old.textContent = fresh.textContent; // a live region stays what it is
  else old.replaceWith(document.adoptNode(fresh));
}

// The body of the list's own page, and nothing else, becomes a document: policy "page".
async function fetched(address, signal, typed) {
  const headers = typed ? { "Typing": "?1" } : {}; // perhaps half a word
  const answer = await fetch(address, { signal, headers, mode: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(answer.statusText);
  body = await answer.text();
  const html = policy ? policy.createHTML(body) : body;
  return new DOMParser().parseFromString(html, "text/html");
}

function only(text) {
  if (text !== body) throw new TypeError("not the list");
  return text;
}
