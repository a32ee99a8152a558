// Shows the button for passkeys where the browser supports them, and a message when one was not used.

if (window.PublicKeyCredential) {
  for (const way of document.querySelectorAll(".passkey")) way.hidden = false;
}

// The event of django-allauth's scripts when somebody closes the browser's own window.
document.addEventListener("allauth.error", (event) => {
  const message = document.querySelector(".passkey-failed");
  if (!message) return;
  event.preventDefault();
  message.hidden = false;
});
