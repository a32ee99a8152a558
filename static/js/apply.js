// Submits the application form without leaving the page: shows upload progress, keeps selected files after an
// error, and opens the next page only when the application is stored. Errors appear in the same places as
// without this script.

const form = document.getElementById("application");
const OPENS_PAGE = ["remove", "switch_language"]; // buttons that show the form again instead of sending it
const progress = form.querySelector(".progress");
const button = form.querySelector(".button");

form.addEventListener("submit", (event) => {
  const { submitter } = event;
  if (OPENS_PAGE.includes(submitter?.name)) {
    const error = sizeError();
    if (error) {
      event.preventDefault();
      report(error);
    }
    return;
  }
  event.preventDefault();
  if (!button.disabled) send(submitter);
});

// A page restored from the history can be submitted again.
addEventListener("pageshow", hideProgress);

// A selected file replaces the pending upload of an earlier attempt.
form.addEventListener("change", ({ target }) => {
  if (target.files?.length) target.closest(".field").querySelector(".pending-upload")?.remove();
});

function send(submitter) {
  const error = sizeError();
  if (error) return report(error);
  showProgress(0);
  const request = new XMLHttpRequest(); // fetch() reports no progress of an upload
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => showProgress((100 * event.loaded) / event.total));
  request.addEventListener("loadend", () => handle(request.status, request.response));
  request.send(formData(submitter));
}

function formData(submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value); // the button that sends it again
  return data;
}

function handle(status, data) {
  if (data?.address) return location.assign(data.address);
  if (data?.token) form.elements.token.value = data.token;
  if (data?.closed) return form.submit(); // the next page shows the answers
  if (data?.already_sent) return form.submit(); // the next page asks whether to send it again
  if (data?.summary?.errors.some(isMissing)) return form.submit(); // the next page has the field
  hideProgress();
  report(data?.summary ?? connectionError(status));
}

function report({ heading, text, errors }) {
  clearErrors();
  for (const error of errors) showError(error);
  showSummary(heading, text, errors);
}

// Checked before sending, because a proxy aborts an upload above its limit without a message.
function sizeError() {
  const { fileLimit, fileLimitText, totalLimit, totalLimitText, failureHeading } = form.dataset;
  const inputs = [...form.querySelectorAll("input[type=file]")].filter((input) => input.value);
  const errors = inputs
    .filter((input) => sizeOf(input) > Number(fileLimit))
    .map((input) => ({
      name: input.name,
      target: input.id,
      label: input.dataset.label,
      label_language: input.labels[0].lang,
      text: fileLimitText.replace("{size}", megabytes(sizeOf(input))),
    }));
  const total = inputs.reduce((sum, input) => sum + sizeOf(input), 0);
  if (!errors.length && total <= Number(totalLimit)) return null;
  return { heading: failureHeading, text: errors.length ? "" : totalLimitText, errors };
}

function sizeOf(input) {
  return input.files[0].size;
}

// Rounded up, so that a size above the limit never reads as the limit.
function megabytes(size) {
  return (Math.ceil((10 * size) / 2 ** 20) / 10).toFixed(1);
}

// Whether the field of an error is not on this page, because it was added later.
function isMissing({ target }) {
  return !document.getElementById(target);
}

// The error without a response of the site: no connection, or the proxy's own response.
function connectionError(status) {
  const { failureHeading, failureText, totalLimitText } = form.dataset;
  return { heading: failureHeading, text: status === 413 ? totalLimitText : failureText, errors: [] };
}

function showProgress(percent) {
  button.disabled = true;
  progress.hidden = false;
  progress.querySelector("progress").value = percent;
  progress.querySelector("span").textContent = `${form.dataset.sending} ${Math.floor(percent)} %`;
}

function hideProgress() {
  button.disabled = false;
  progress.hidden = true;
}

function clearErrors() {
  document.getElementById("error-summary")?.remove();
  for (const error of form.querySelectorAll(".error")) error.remove();
  for (const field of form.querySelectorAll(".invalid")) field.classList.remove("invalid");
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    describe(input, (ids) => ids.filter((id) => !id.endsWith("_error")));
  }
}

function showError({ name, target, text }) {
  const input = document.getElementById(target);
  const field = input.closest(".field");
  const error = element("p", "error", form.dataset.error + text);
  error.id = `${name}_error`;
  field.classList.add("invalid");
  (field.querySelector(".secondary") ?? field.querySelector("label, legend")).after(error);
  if (field.firstElementChild.matches(".checkbox")) field.prepend(error);
  if (input !== field) input.setAttribute("aria-invalid", "true"); // not on a group of choices
  describe(input, (ids) => [...ids, error.id]);
}

function describe(input, change) {
  const ids = change((input.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
  else input.removeAttribute("aria-describedby");
}

function showSummary(heading, text, errors) {
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
  for (const { target, label, label_language, text } of errors) {
    const link = element("a", "");
    link.href = `#${target}`;
    const name = element("span", "", label);
    if (label_language) name.lang = label_language;
    link.append(name, text);
    const item = element("li", "");
    item.append(link);
    list.append(item);
  }
  return list;
}

function element(tag, name, text = "") {
  const created = document.createElement(tag);
  if (name) created.className = name;
  created.textContent = text;
  return created;
}
