// Makes and revokes share links without leaving the form, so that what is typed there stays.

import { parsePage, replaceElement } from "./page.js";

const section = document.getElementById("sharing");
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
    const address = document.getElementById("new-link");
    address.select();
    await navigator.clipboard.writeText(address.value);
    section.querySelector(".problem").textContent = copy.dataset.copied;
  });
}

// The answer is the whole page; only this section is taken from it.
async function send(section, form) {
  for (const button of section.querySelectorAll("button")) button.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const page = await parsePage(response);
    start(replaceElement(section, page.getElementById("sharing")));
    (document.getElementById("new-link") ?? document.getElementById("sharing-heading")).focus();
  } catch {
    for (const button of section.querySelectorAll("button")) button.disabled = false;
    section.querySelector(".problem").textContent = section.dataset.errorText;
  }
}
