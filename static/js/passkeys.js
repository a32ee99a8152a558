// Shows the passkey buttons if the browser supports passkeys, and a message if the prompt was closed.

if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll(".passkey")) button.hidden = false;
}

// django-allauth's scripts send this event when the user closes the browser's passkey prompt.
document.addEventListener("allauth.error", (event) => {
  const message = document.querySelector(".passkey-failed");
  if (!message) return;
  event.preventDefault();
  message.hidden = false;
});
