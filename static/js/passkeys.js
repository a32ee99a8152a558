/* Passkeys: the button is there where the browser knows them, and a refusal is said in words. */
(() => {
  if (window.PublicKeyCredential) {
    for (const way of document.querySelectorAll(".passkey")) way.hidden = false;
  }

  // django-allauth's scripts tell it this way when somebody closes the browser's own window.
  document.addEventListener("allauth.error", (event) => {
    const failed = document.querySelector(".passkey-failed");
    if (!failed) return;
    event.preventDefault();
    failed.hidden = false;
  });
})();
