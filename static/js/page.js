// Reads pages of this site with fetch() and puts pieces of them into the page in view.

let received; // the text that is being parsed

// Trusted Types: the policy "page" lets through what parsePage() has received, and nothing else.
const policy = globalThis.trustedTypes?.createPolicy("page", {
  createHTML(text) {
    if (text !== received) throw new TypeError("not a page that was fetched");
    return text;
  },
});

/** The document in a response of this site, whatever its status. */
export async function parsePage(response) {
  const text = await response.text();
  if (response.type !== "basic") throw new TypeError("not a page of this site");
  received = text;
  return new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");
}

/** Puts an element of a parsed page in the place of one in view; returns it. */
export function replaceElement(old, fresh) {
  const adopted = document.adoptNode(fresh);
  old.replaceWith(adopted);
  return adopted;
}
