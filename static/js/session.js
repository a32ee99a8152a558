// A form may be open for longer than a session lasts. Typing keeps the session alive. Before the form is sent,
// this script checks that the user is still signed in; if not, the form keeps its content.

import { parsePage } from "./page.js";

const KEEP_ALIVE = 5 * 60 * 1000; // milliseconds between requests while the user types

const notice = document.getElementById("not-sent");
const form = notice?.closest("form");
if (form) {
  keepAlive();
  checkBeforeSending();
}

function keepAlive() {
  let requestedAt = performance.now();
  form.addEventListener("input", () => {
    if (performance.now() - requestedAt < KEEP_ALIVE) return;
    requestedAt = performance.now();
    fetchToken().catch(() => {}); // saving will report the error
  });
}

function checkBeforeSending() {
  let checked = false;
  form.addEventListener("submit", async (event) => {
    if (checked || event.submitter?.hasAttribute("formtarget")) return;
    event.preventDefault();
    try {
      const token = await fetchToken();
      if (!token) return show("signed-out");
      // A new sign-in changes the CSRF token.
      form.elements.csrfmiddlewaretoken.value = token;
    } catch {
      return show("unreachable");
    }
    checked = true;
    form.requestSubmit(event.submitter);
    checked = false; // the Back button restores this page
  });
}

// The current CSRF token, or "" if the user is signed out.
async function fetchToken() {
  const response = await fetch(notice.dataset.sessionUrl, { redirect: "manual", cache: "no-store" });
  if (response.type === "opaqueredirect") return "";
  if (!response.ok) throw new Error(response.status);
  const page = await parsePage(response);
  return page.querySelector("[name=csrfmiddlewaretoken]").value;
}

function show(reason) {
  for (const message of notice.children) message.hidden = !message.classList.contains(reason);
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
}
