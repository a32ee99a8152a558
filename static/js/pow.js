// Solves the puzzle in a form, beside everything else: nobody waits for it, and nothing depends on it.

const field = document.querySelector("input[data-puzzle]");
if (field?.dataset.puzzle && globalThis.Worker) solve(field);

function solve(field) {
  try {
    const worker = new Worker(ours(field.dataset.worker), { type: "module" });
    worker.addEventListener("message", ({ data }) => {
      field.value = data;
      worker.terminate();
    });
    worker.addEventListener("error", (event) => event.preventDefault()); // an old browser: one more step
    worker.postMessage(field.dataset.puzzle);
  } catch {
    // No workers of this kind: the application is sent without, and confirmed by a letter.
  }
}

// An address of this site, as the policy "pow" of the page lets it through.
function ours(address) {
  const check = (url) => {
    if (new URL(url, location.href).origin !== location.origin) throw new TypeError("not ours");
    return url;
  };
  const policy = globalThis.trustedTypes?.createPolicy("pow", { createScriptURL: check });
  return policy ? policy.createScriptURL(address) : check(address);
}
