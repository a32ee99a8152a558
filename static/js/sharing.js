// Links for sharing are made and revoked without leaving the form: what is typed there stays.
"use strict";

(() => {
  document.addEventListener("DOMContentLoaded", () => {
    const section = document.getElementById("sharing");
    if (section) equip(section);
  });

  function equip(section) {
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

  // The answer is the whole page again; only this section of it is taken.
  async function send(section, form) {
    for (const button of section.querySelectorAll("button")) button.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const renewed = document.adoptNode(page.getElementById("sharing"));
      section.replaceWith(renewed);
      equip(renewed);
      (document.getElementById("new-link") ?? document.getElementById("sharing-heading")).focus();
    } catch {
      for (const button of section.querySelectorAll("button")) button.disabled = false;
      section.querySelector(".problem").textContent = section.dataset.errorText;
    }
  }
})();
