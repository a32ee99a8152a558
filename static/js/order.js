// Moves a row of an ordered list without a reload: keeps the focus on the pressed button, and announces the
// new position in a live region.

import { parsePage, replaceElement } from "./page.js";

const moves = document.getElementById("move-forms");
let queue = Promise.resolve(); // moves run one after the other, in the order of the clicks

if (moves && rows()) start(); // an empty list has neither

function start() {
  moves.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(event.target, event.submitter);
    const { action, id } = event.target;
    queue = queue.then(() => move(action, data, id.replace("move-", "")));
  });
  // In the capture phase: Django's own listener would treat a position as an unsaved edit of the row.
  rows().addEventListener("change", stopPosition, { capture: true });
}

function rows() {
  return document.querySelector("#result_list tbody");
}

function stopPosition(event) {
  if (event.target.closest(".row-position")) event.stopPropagation();
}

// The response is the whole page; only the order of the rows and their buttons are used.
async function move(action, data, record) {
  const status = moves.querySelector("[role=status]");
  try {
    const page = await parsePage(await fetch(action, { method: "POST", body: data }));
    if (!page.getElementById(`position-${record}`)) return location.reload(); // now on another page
    updateRows(page);
    focus(record, data);
    status.textContent = page.querySelector(".messagelist .message-text").textContent;
  } catch {
    status.textContent = moves.dataset.errorText;
    status.classList.remove("visually-hidden");
  }
}

function updateRows(page) {
  const rowsInView = new Map([...rows().rows].map((row) => [key(row), row]));
  for (const fresh of [...page.querySelector("#result_list tbody").rows]) {
    const row = rowsInView.get(key(fresh)) ?? document.adoptNode(fresh);
    rowsInView.delete(key(row));
    const position = fresh.querySelector(".row-position");
    if (position && row !== fresh) replaceElement(row.querySelector(".row-position"), position);
    rows().append(row);
  }
  for (const row of rowsInView.values()) row.remove();
}

function key(row) {
  return row.querySelector(".action-select")?.value ?? row.querySelector("th a").href;
}

// Focuses the same button of the same row, or the opposite one at an end of the list.
function focus(record, data) {
  const position = document.getElementById(`position-${record}`);
  const step = data.get("step");
  const pressed = position.querySelector(step ? `[value=${step}]:enabled` : "button:not([name])");
  (pressed ?? position.querySelector("[name=step]:enabled")).focus();
}
