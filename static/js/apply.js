// Sends the application form without leaving it: shows the progress, keeps chosen files after an error,
// and goes on to the next page only once the application is stored. Errors stand where they would stand
// without this script.

const form = document.getElementById("application");
const sending = form.querySelector(".progress");
const button = form.querySelector(".button");

form.addEventListener("submit", (event) => {
  if (event.submitter?.name) return; // the button that removes a waiting file
  event.preventDefault();
  if (!button.disabled) send();
});

// A page that is shown again from the history may be sent once more.
addEventListener("pageshow", rest);

// A file that is chosen replaces one that waits from an earlier attempt.
form.addEventListener("change", ({ target }) => {
  if (target.files?.length) target.closest(".field").querySelector(".pending-upload")?.remove();
});

function send() {
  const error = tooLarge();
  if (error) return report(error);
  show(0);
  const request = new XMLHttpRequest(); // fetch() reports no progress of an upload
  request.open("POST", form.getAttribute("action") || location.href);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => show((100 * event.loaded) / event.total));
  request.addEventListener("loadend", () => handle(request.status, request.response));
  request.send(new FormData(form));
}

function handle(status, answer) {
  if (answer?.address) return location.assign(answer.address);
  if (answer?.token) form.elements.token.value = answer.token;
  if (answer?.closed) return form.submit(); // to the page that shows what was written
  if (answer?.summary?.errors.some(isUnseen)) return form.submit(); // to the page that has the field
  rest();
  report(answer?.summary ?? lost(status));
}

function report({ heading, text, errors }) {
  clear();
  for (const error of errors) mark(error);
  summarise(heading, text, errors);
}

// Checked before sending, because a proxy breaks off an upload above its limit without a reason.
function tooLarge() {
  const { fileLimit, fileLimitText, totalLimit, totalLimitText, failureHeading } = form.dataset;
  const choosers = [...form.querySelectorAll("input[type=file]")].filter((input) => input.value);
  const errors = choosers
    .filter((input) => sizeOf(input) > Number(fileLimit))
    .map((input) => ({
      name: input.name,
      target: input.id,
      text: fileLimitText.replace("{size}", megabytes(sizeOf(input))),
    }));
  const sum = choosers.reduce((sum, input) => sum + sizeOf(input), 0);
  if (!errors.length && sum <= Number(totalLimit)) return null;
  return { heading: failureHeading, text: errors.length ? "" : totalLimitText, errors };
}

function sizeOf(input) {
  return input.files[0].size;
}

// Rounded up, so that a size above the limit never reads as the limit.
function megabytes(size) {
  return (Math.ceil((10 * size) / 2 ** 20) / 10).toFixed(1);
}

// Whether an error is in a field that was added after this page had been opened.
function isUnseen({ target }) {
  return !document.getElementById(target);
}

// The report when there is no answer, or only the proxy's while the site restarts.
function lost(status) {
  const { failureHeading, failureText, totalLimitText } = form.dataset;
  return { heading: failureHeading, text: status === 413 ? totalLimitText : failureText, errors: [] };
}

function show(percent) {
  button.disabled = true;
  sending.hidden = false;
  sending.querySelector("progress").value = percent;
  sending.querySelector("span").textContent = `${form.dataset.sending} ${Math.floor(percent)} %`;
}

function rest() {
  button.disabled = false;
  sending.hidden = true;
}

function clear() {
  document.getElementById("error-summary")?.remove();
  for (const error of form.querySelectorAll(".error")) error.remove();
  for (const field of form.querySelectorAll(".invalid")) field.classList.remove("invalid");
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    describe(input, (ids) => ids.filter((id) => !id.endsWith("_error")));
  }
}

function mark({ name, target, text }) {
  const place = document.getElementById(target);
  const field = place.closest(".field");
  const error = element("p", "error", form.dataset.error + text);
  error.id = `${name}_error`;
  field.classList.add("invalid");
  (field.querySelector(".secondary") ?? field.querySelector("label, legend")).after(error);
  if (field.firstElementChild.matches(".checkbox")) field.prepend(error);
  if (place !== field) place.setAttribute("aria-invalid", "true"); // a group of choices is not one
  describe(place, (ids) => [...ids, error.id]);
}

function describe(input, change) {
  const ids = change((input.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
  else input.removeAttribute("aria-describedby");
}

function summarise(heading, text, errors) {
  const summary = element("div", "error-summary stack");
  summary.id = "error-summary";
  summary.setAttribute("role", "alert");
  summary.tabIndex = -1;
  summary.append(element("h2", "", heading));
  if (text) summary.append(element("p", "", text));
  if (errors.length) summary.append(list(errors));
  form.parentElement.prepend(summary);
  summary.focus();
}

function list(errors) {
  const list = element("ul", "");
  list.setAttribute("role", "list");
  for (const { target, text } of errors) {
    const link = element("a", "", text);
    link.href = `#${target}`;
    const item = element("li", "");
    item.append(link);
    list.append(item);
  }
  return list;
}

function element(tag, name, text = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = text;
  return made;
}
