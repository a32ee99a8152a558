// Creates and revokes share links without reloading the change form, which would lose unsaved edits.

import { parsePage, replaceElement } from "./page.js";

const section = document.getElementById("share-links");
if (section) start(section);

function start(section) {
  section.addEventListener("submit", (event) => {
    event.preventDefault();
    send(section, event.target);
  });
  const copy = section.querySelector(".copy-link-button");
  if (!copy) return;
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const input = document.getElementById("new-link");
    input.select();
    await navigator.clipboard.writeText(input.value);
    section.querySelector(".problem").textContent = copy.dataset.copied;
  });
}

// The response is the whole page; only this section of it is used.
async function send(section, form) {
  for (const button of section.querySelectorAll("button")) button.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const page = await parsePage(response);
    start(replaceElement(section, page.getElementById("share-links")));
    (document.getElementById("new-link") ?? document.getElementById("share-links-heading")).focus();
  } catch {
    for (const button of section.querySelectorAll("button")) button.disabled = false;
    section.querySelector(".problem").textContent = section.dataset.errorText;
  }
}
