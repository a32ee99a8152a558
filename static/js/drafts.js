// Protects the unsaved values of a form of the admin: asks before the user leaves the page, and stores the form
// as a draft every few seconds and when the page is hidden.
//
// After Back or a reload, the browser would restore the fields, but not the editors and rows that scripts added.
// So this script turns that off, and the page offers the draft.

import { parsePage, replaceElement } from "./page.js";
import { beforeSending, hideNotice, refreshToken, showNotice } from "./session.js";

const LEFT = "draft-left"; // in the session storage: the form that was left last in this tab
const LOOKUPS = [300, 1000, 3000]; // milliseconds before looking for the draft of a form that was left

const output = document.getElementById("draft-status");
const form = output?.closest("form");
if (form) protect();

function protect() {
  const { isDraft, isRejected } = output.dataset;
  form.autocomplete = "off";
  const openedState = isRejected === undefined ? state() : null; // submitted, but not saved
  let storedState = isDraft === undefined ? null : openedState; // as the draft on the server
  let sequence = Number(output.dataset.sequence);
  let request = null; // {state, done}: the newest state that is being sent
  let submitted = false;

  const isChanged = () => !submitted && state() !== openedState;

  // Stores the form unless its draft is up to date. A form that was changed back needs no draft.
  async function update({ leaving = false } = {}) {
    const current = state();
    if (submitted || current === (request?.state ?? storedState ?? openedState)) return request?.done;
    if (request && !leaving) return request.done.then(() => update());
    const isUndone = current === openedState && isDraft === undefined;
    const sent = { state: current, done: isUndone ? discard() : store() };
    request = sent;
    const isStored = await sent.done;
    if (request !== sent) return;
    request = null;
    if (isStored) storedState = isUndone ? null : current;
  }

  // Resolves to true if the server has stored the form.
  async function store() {
    sequence += 1; // also if it fails, because the server may have stored it
    const body = formData();
    body.append("_draft_sequence", sequence);
    if (hasFiles()) body.append("_draft_has_files", "on");
    try {
      const response = await post(output.dataset.saveUrl, body);
      if (response.status === 409) return separate();
      if (response.ok) showStored(await response.text());
      else if (response.type === "opaqueredirect") showSignedOut();
      else showProblem(response.status === 413 ? "tooLarge" : "failed");
      return response.ok;
    } catch {
      showProblem(navigator.onLine ? "failed" : "offline");
      return false;
    }
  }

  // Another tab continues the same draft: from now on this form has a draft of its own.
  function separate() {
    form.elements._draft_key.value = randomKey();
    return store();
  }

  // Resolves to true if the server has no draft of this form any more.
  async function discard() {
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "_draft_key"]) {
      body.append(name, form.elements[name].value);
    }
    try {
      await post(output.dataset.discardUrl, body);
    } catch {
      return false;
    }
    show("", "");
    return true;
  }

  setInterval(update, Number(output.dataset.interval) * 1000);
  beforeSending(update);
  addEventListener("beforeunload", (event) => {
    if (!isChanged()) return;
    event.preventDefault();
    update({ leaving: true }); // while the browser asks
  });
  addEventListener("pagehide", () => {
    update({ leaving: true });
    if (isChanged()) rememberLeft();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) update({ leaving: true });
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    submitted = !event.submitter?.hasAttribute("formtarget");
  });
  form.addEventListener("input", () => (submitted = false)); // after an interrupted navigation
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && submitted) location.reload();
    if (persisted) storedState = null; // the draft may have been discarded since
  });
  if (openedState === null) update();
  showOffers();
  offerLeft();
}

// --- The form -----------------------------------------------------------------------------------

// Everything that the form would send, as text. Files are named: the same name and size is the same file.
function state() {
  const entries = [...new FormData(form)].filter(([name]) => isContent(name));
  return JSON.stringify(
    entries.map(([name, value]) => [name, value.name ? `${value.name} ${value.size}` : String(value)]),
  );
}

// The texts of the form, with the token that the server asks for.
function formData() {
  const data = new FormData(form);
  for (const [name, value] of [...data]) {
    if (typeof value !== "string" || name.includes("-__prefix__-")) data.delete(name);
  }
  return data;
}

function isContent(name) {
  return !["csrfmiddlewaretoken", "_draft_key"].includes(name) && !name.includes("-__prefix__-");
}

function hasFiles() {
  return [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
}

function randomKey() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- Requests -----------------------------------------------------------------------------------

// A new sign-in changes the CSRF token, so a refused request is repeated with the current one.
async function post(url, body) {
  const response = await send(url, body);
  if (response.status !== 403 || !(await refreshToken())) return response;
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  return send(url, body);
}

// With `keepalive` a request outlives the page. Browsers refuse it for more than 64 KiB.
async function send(url, body) {
  const init = { method: "POST", body, redirect: "manual" };
  try {
    return await fetch(url, { ...init, keepalive: true });
  } catch {
    return fetch(url, init);
  }
}

// --- Messages -----------------------------------------------------------------------------------

function showStored(time) {
  if (output.classList.contains("signed-out")) hideNotice();
  output.className = "draft-status";
  show(output.dataset.saved, time);
}

function showProblem(reason) {
  output.className = "draft-status problem";
  show(output.dataset[reason], "");
}

function showSignedOut() {
  if (!output.classList.contains("signed-out")) showNotice("signed-out");
  showProblem("signedOut");
  output.classList.add("signed-out");
}

// The live region changes only if the message does: not every save is announced.
function show(message, time) {
  const [region, clock] = output.children;
  if (region.textContent !== message) region.textContent = message;
  clock.textContent = time;
}

// --- The offered drafts -------------------------------------------------------------------------

// After Back or a reload, the browser would scroll past them.
function showOffers() {
  const offers = document.getElementById("drafts");
  history.scrollRestoration = offers.hidden ? "auto" : "manual";
  if (!offers.hidden && !location.hash) offers.scrollIntoView({ block: "nearest" });
}

function rememberLeft() {
  const left = { key: form.elements._draft_key.value, url: output.dataset.saveUrl };
  try {
    sessionStorage.setItem(LEFT, JSON.stringify(left));
  } catch {
    // Without storage, the next visit of the form offers the draft.
  }
}

function recallLeft() {
  try {
    const left = JSON.parse(sessionStorage.getItem(LEFT));
    if (left?.url !== output.dataset.saveUrl) return null;
    sessionStorage.removeItem(LEFT);
    return left.key;
  } catch {
    return null;
  }
}

// After a reload, the server may have rendered this page before it stored the draft of the last one.
async function offerLeft() {
  const key = recallLeft();
  if (!key || key === form.elements._draft_key.value) return;
  for (const delay of LOOKUPS) {
    const offers = document.getElementById("drafts");
    if (offers.querySelector(`[data-key="${key}"]`)) return;
    await new Promise((resolve) => setTimeout(resolve, delay));
    const page = await fetch(location.href, { cache: "no-store" }).then(parsePage, () => null);
    const fresh = page?.getElementById("drafts");
    if (!fresh?.querySelector(`[data-key="${key}"]`)) continue;
    replaceElement(offers, fresh);
    return showOffers();
  }
}
