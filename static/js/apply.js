// The application form is sent without leaving it: the progress shows, chosen files stay chosen, and
// the page goes on only with the reference in hand. What the site says stands where it would stand
// without this script.

const form = document.getElementById("application");
const sending = form.querySelector(".sending");
const button = form.querySelector(".button");

form.addEventListener("submit", (event) => {
  if (event.submitter?.name) return; // a waiting file is taken back
  event.preventDefault();
  if (!button.disabled) send();
});

// Whoever goes back to the page as it was left may send it once more.
addEventListener("pageshow", rest);

// One that is chosen takes the place of one that waits.
form.addEventListener("change", ({ target }) => {
  if (target.files?.length) target.closest(".field").querySelector(".waiting")?.remove();
});

function send() {
  const fault = tooLarge();
  if (fault) return say(fault);
  show(0);
  const request = new XMLHttpRequest(); // fetch() tells nothing of the way up
  request.open("POST", form.getAttribute("action") || location.href);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => show((100 * event.loaded) / event.total));
  request.addEventListener("loadend", () => answered(request.status, request.response));
  request.send(new FormData(form));
}

function answered(status, answer) {
  if (answer?.address) return location.assign(answer.address);
  if (answer?.token) form.elements.token.value = answer.token;
  if (answer?.closed) return form.submit(); // the page that gives the words back
  if (answer?.summary?.errors.some(isUnseen)) return form.submit(); // the page that has the field
  rest();
  say(answer?.summary ?? lost(status));
}

function say({ heading, text, errors }) {
  clear();
  for (const error of errors) mark(error);
  summarise(heading, text, errors);
}

// The proxy breaks off what is larger than it takes, so nobody would learn why it did not arrive.
function tooLarge() {
  const { file, fileSaid, files, filesSaid } = form.dataset;
  const choosers = [...form.querySelectorAll("input[type=file]")].filter((input) => input.value);
  const errors = choosers
    .filter((input) => sizeOf(input) > Number(file))
    .map((input) => ({
      name: input.name,
      target: input.id,
      text: fileSaid.replace("{size}", megabytes(sizeOf(input))),
    }));
  const sum = choosers.reduce((sum, input) => sum + sizeOf(input), 0);
  if (!errors.length && sum <= Number(files)) return null;
  return { heading: form.dataset.lost, text: errors.length ? "" : filesSaid, errors };
}

function sizeOf(input) {
  return input.files[0].size;
}

// What is over the limit never reads as if it were not.
function megabytes(size) {
  return (Math.ceil((10 * size) / 2 ** 20) / 10).toFixed(1);
}

// A fault in a field that was added after this page had been opened.
function isUnseen({ target }) {
  return !document.getElementById(target);
}

// No answer, or none of the site itself: the proxy's, while the site is being restarted.
function lost(status) {
  const { again, filesSaid } = form.dataset;
  return { heading: form.dataset.lost, text: status === 413 ? filesSaid : again, errors: [] };
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
  document.getElementById("summary")?.remove();
  for (const fault of form.querySelectorAll(".wrong")) fault.remove();
  for (const field of form.querySelectorAll(".bad")) field.classList.remove("bad");
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    describe(input, (ids) => ids.filter((id) => !id.endsWith("_error")));
  }
}

function mark({ name, target, text }) {
  const place = document.getElementById(target);
  const field = place.closest(".field");
  const fault = element("p", "wrong", form.dataset.error + text);
  fault.id = `${name}_error`;
  field.classList.add("bad");
  (field.querySelector(".small") ?? field.querySelector("label, legend")).after(fault);
  if (field.firstElementChild.matches(".tick")) field.prepend(fault);
  if (place !== field) place.setAttribute("aria-invalid", "true"); // a group of choices is not one
  describe(place, (ids) => [...ids, fault.id]);
}

function describe(input, change) {
  const ids = change((input.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
  else input.removeAttribute("aria-describedby");
}

function summarise(heading, text, errors) {
  const summary = element("div", "summary stack");
  summary.id = "summary";
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
