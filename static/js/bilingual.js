// Fields in two languages side by side: counts characters, copies from the other language, shows one
// language or both. The form works without this script.

const OTHER = { en: "ja", ja: "en" };
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

document.querySelectorAll("[data-field]").forEach(addTools);
document.querySelectorAll("form.language-layout").forEach(switchInPlace);
document.addEventListener("formset:added", ({ target }) => {
  target.querySelectorAll("[data-field]").forEach(addTools);
});

function addTools(input) {
  const tools = input.closest(".fieldBox")?.querySelector(".field-tools");
  if (!tools || input.id.includes("__prefix__")) return;
  tools.hidden = false;
  count(input, tools.querySelector(".character-count"));
  tools.querySelector(".copy-button").addEventListener("click", (event) => copy(input, event.target));
}

// Counts graphemes, which readers see as characters, and not while an input method composes a word.
function count(input, output) {
  const limit = Number(input.dataset.limit);
  if (!limit) return output.remove();
  const show = (event) => {
    if (event?.isComposing) return;
    const length = [...graphemes.segment(input.value)].length;
    output.value = `${length} / ${limit}`;
    output.classList.toggle("over-limit", length > limit);
  };
  input.addEventListener("input", show);
  input.addEventListener("compositionend", show);
  show();
}

function copy(input, button) {
  const source = otherLanguage(input);
  if (!source || (input.value.trim() && !confirm(button.dataset.confirm))) return;
  input.value = source.value;
  // The counter listens to "input", a rich text editor to "change".
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  (document.getElementById(`${input.id}_area`) ?? input).focus();
}

function otherLanguage(input) {
  return document.getElementById(input.id.replace(/(en|ja)$/, OTHER[input.lang]));
}

// Changes the layout without a reload, which would lose unsaved edits.
function switchInPlace(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    fetch(form.action, { method: "POST", body, redirect: "manual" });
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", button === event.submitter);
      document.body.classList.toggle(`languages-${button.value}`, button === event.submitter);
    }
  });
}
