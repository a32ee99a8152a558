// A form may stay open for longer than a session lasts. Typing keeps the session alive; before the form
// is sent, the site is asked whether its user is still signed in. If not, the form stays as it is.

import { parsePage } from "./page.js";

const KEEP_ALIVE = 5 * 60 * 1000; // milliseconds between two requests while somebody types

const notice = document.getElementById("not-sent");
const form = notice?.closest("form");
if (form) {
  keepAlive();
  checkBeforeSending();
}

function keepAlive() {
  let asked = performance.now();
  form.addEventListener("input", () => {
    if (performance.now() - asked < KEEP_ALIVE) return;
    asked = performance.now();
    fetchToken().catch(() => {}); // saving will report it
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
      // A new sign-in has made the token in the form an old one.
      form.elements.csrfmiddlewaretoken.value = token;
    } catch {
      return show("unreachable");
    }
    checked = true;
    form.requestSubmit(event.submitter);
    checked = false; // Back leads to this page as it is
  });
}

// A current CSRF token, or "" if nobody is signed in any more.
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
