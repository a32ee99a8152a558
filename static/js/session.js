// A form may be open for longer than a session lasts. Typing is a sign of life; and before a form is
// sent, the site is asked whether somebody is still signed in. If not, what is typed stays where it is.
"use strict";

(() => {
  const SIGN_OF_LIFE = 5 * 60 * 1000; // milliseconds, while somebody types

  document.addEventListener("DOMContentLoaded", () => {
    const hint = document.getElementById("not-sent");
    const form = hint?.closest("form");
    if (!form) return;
    let asked = performance.now();
    form.addEventListener("input", () => {
      if (performance.now() - asked < SIGN_OF_LIFE) return;
      asked = performance.now();
      token(hint.dataset.sessionUrl).catch(() => {}); // saving will say so
    });
    ask(form, hint);
  });

  function ask(form, hint) {
    let answered = false;
    form.addEventListener("submit", async (event) => {
      if (answered || event.submitter?.hasAttribute("formtarget")) return;
      event.preventDefault();
      try {
        const fresh = await token(hint.dataset.sessionUrl);
        if (!fresh) return show(hint, "signed-out");
        // Somebody may have signed in anew, which made the token in the form an old one.
        form.elements.csrfmiddlewaretoken.value = fresh;
      } catch {
        return show(hint, "unreachable");
      }
      answered = true;
      form.requestSubmit(event.submitter);
      answered = false; // Back leads to this page as it is
    });
  }

  // The token for forms, or nothing if nobody is signed in any more.
  async function token(address) {
    const answer = await fetch(address, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") return "";
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  function show(hint, reason) {
    for (const said of hint.children) said.hidden = !said.classList.contains(reason);
    hint.hidden = false;
    hint.scrollIntoView({ block: "nearest" });
  }
})();
