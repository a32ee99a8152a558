// Solves the proof-of-work challenge of a form in a worker, in the background. The form also works without it.

const field = document.querySelector("input[data-challenge]");
if (field?.dataset.challenge && globalThis.Worker) solve(field);

function solve(field) {
  try {
    const worker = new Worker(sameOrigin(field.dataset.worker), { type: "module" });
    worker.addEventListener("message", ({ data }) => {
      field.value = data;
      worker.terminate();
    });
    worker.addEventListener("error", (event) => event.preventDefault()); // an old browser
    worker.postMessage(field.dataset.challenge);
  } catch {
    // Without module workers the form is sent without a solution, and confirmed by email.
  }
}

// The URL as a Trusted Types value (policy "pow"); an error if it is not of this site.
function sameOrigin(address) {
  const check = (url) => {
    if (new URL(url, location.href).origin !== location.origin) throw new TypeError("not of this site");
    return url;
  };
  const policy = globalThis.trustedTypes?.createPolicy("pow", { createScriptURL: check });
  return policy ? policy.createScriptURL(address) : check(address);
}
