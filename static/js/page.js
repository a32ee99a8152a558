// Parses pages of this site from fetch(), and replaces parts of the current page with parts of them.

let currentText; // the text that is being parsed

// Trusted Types: the policy "page" accepts only the text that parsePage() has fetched.
const policy = globalThis.trustedTypes?.createPolicy("page", {
  createHTML(text) {
    if (text !== currentText) throw new TypeError("not a page that was fetched");
    return text;
  },
});

/** The document in a response of this site, with any status. */
export async function parsePage(response) {
  const text = await response.text();
  if (response.type !== "basic") throw new TypeError("not a page of this site");
  currentText = text;
  return new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");
}

/** Replaces an element of the current page with an element of a parsed page; returns the new element. */
export function replaceElement(old, fresh) {
  const adopted = document.adoptNode(fresh);
  old.replaceWith(adopted);
  return adopted;
}
