// Shows the passkey buttons, or says that the browser does not support passkeys. Connects the buttons with
// django-allauth's scripts, and shows a message if the prompt was closed.

const selector = window.PublicKeyCredential ? ".passkey" : ".passkey-unavailable";
for (const element of document.querySelectorAll(selector)) element.hidden = false;

// The functions of django-allauth take the ids of elements.
const ids = {
  add: "mfa_webauthn_add",
  authenticate: "mfa_webauthn_authenticate",
  credential: "id_credential",
  data: "js_data",
  passwordless: "id_passwordless",
};
const forms = window.allauth?.webauthn?.forms;
if (document.getElementById(ids.add)) forms.addForm({ ids });
if (document.getElementById(ids.authenticate)) forms.authenticateForm({ ids });

// django-allauth's scripts send this event when the user closes the browser's passkey prompt.
document.addEventListener("allauth.error", (event) => {
  const message = document.querySelector(".passkey-failed");
  if (!message) return;
  event.preventDefault();
  message.hidden = false;
});
