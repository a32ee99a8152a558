// A form may be open for longer than a session lasts. Typing keeps the session alive. Before the form is sent,
// this script checks that the user is still signed in; if not, the form keeps its content.

import { parsePage } from "./page.js";

const KEEP_ALIVE = 5 * 60 * 1000; // milliseconds between requests while the user types

const notice = document.getElementById("not-sent");
const form = notice?.closest("form");
const tasks = []; // functions to call before the form is sent
if (form) {
  keepAlive();
  checkBeforeSending();
}

/** Calls a function before the form is sent, and waits for its promise, which must not be rejected. */
export function beforeSending(task) {
  tasks.push(task);
}

/** Gets the current CSRF token, which changes with each sign-in; returns false if the user is signed out. */
export async function refreshToken() {
  const response = await fetch(notice.dataset.sessionUrl, { redirect: "manual", cache: "no-store" });
  if (response.type === "opaqueredirect") return false;
  if (!response.ok) throw new Error(response.status);
  const page = await parsePage(response);
  form.elements.csrfmiddlewaretoken.value = page.querySelector("[name=csrfmiddlewaretoken]").value;
  return true;
}

/** Shows why the form is not sent: "signed-out" or "unreachable". */
export function showNotice(reason) {
  for (const message of notice.children) message.hidden = !message.classList.contains(reason);
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
}

export function hideNotice() {
  notice.hidden = true;
}

function keepAlive() {
  let requestedAt = performance.now();
  form.addEventListener("input", () => {
    if (performance.now() - requestedAt < KEEP_ALIVE) return;
    requestedAt = performance.now();
    refreshToken().catch(() => {}); // saving will report the error
  });
}

function checkBeforeSending() {
  let checked = false;
  form.addEventListener("submit", async (event) => {
    if (checked || event.submitter?.hasAttribute("formtarget")) return;
    event.preventDefault();
    try {
      const [signedIn] = await Promise.all([refreshToken(), ...tasks.map((task) => task())]);
      if (!signedIn) return showNotice("signed-out");
    } catch {
      return showNotice("unreachable");
    }
    checked = true;
    form.requestSubmit(event.submitter);
    checked = false; // the Back button restores this page
  });
}
