// A row is moved in its list without a reload: the keyboard stays on the button that was pressed, and
// the new position is said aloud.
"use strict";

(() => {
  let last = Promise.resolve(); // moves that are pressed quickly are made one after the other

  document.addEventListener("DOMContentLoaded", () => {
    const moves = document.getElementById("moves");
    if (!moves || !rows()) return; // an empty list
    moves.addEventListener("submit", (event) => {
      event.preventDefault();
      const sent = new FormData(event.target, event.submitter);
      const { action, id } = event.target;
      last = last.then(() => move(moves, action, sent, id.replace("move-", "")));
    });
    // Else Django would take a position for an edit that is still to be saved.
    rows().addEventListener("change", (event) => {
      if (event.target.closest(".position")) event.stopPropagation();
    });
  });

  const rows = () => document.querySelector("#result_list tbody");

  // The answer is the whole page again; only the order of the rows and their buttons are taken.
  async function move(moves, action, sent, record) {
    const said = moves.querySelector("[role=status]");
    try {
      const answer = await fetch(action, { method: "POST", body: sent });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.getElementById(`position-${record}`)) return location.reload(); // on another page now
      renew(page);
      focus(record, sent);
      said.textContent = page.querySelector(".messagelist li").textContent;
    } catch {
      said.textContent = moves.dataset.trouble;
      said.classList.remove("visually-hidden");
    }
  }

  function renew(page) {
    const mine = new Map([...rows().rows].map((row) => [key(row), row]));
    for (const theirs of [...page.querySelector("#result_list tbody").rows]) {
      const row = mine.get(key(theirs)) ?? document.adoptNode(theirs);
      mine.delete(key(row));
      const position = theirs.querySelector(".position");
      if (position && row !== theirs) row.querySelector(".position").replaceWith(document.adoptNode(position));
      rows().append(row);
    }
    for (const gone of mine.values()) gone.remove();
  }

  const key = (row) => row.querySelector(".action-select")?.value ?? row.querySelector("th a").href;

  // The same button of the same row; at an end of the list it is the opposite one.
  function focus(record, sent) {
    const position = document.getElementById(`position-${record}`);
    const step = sent.get("step");
    const pressed = position.querySelector(step ? `[value=${step}]:enabled` : "button:not([name])");
    (pressed ?? position.querySelector("[name=step]:enabled")).focus();
  }
})();
