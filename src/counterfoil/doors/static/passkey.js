"use strict";

// A form with data-passkey asks the browser for a passkey before it is sent: "get" to show one, "create" to make one.
// What the browser answers goes into the form as JSON; the server decides. Without this script the form says so.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function asked(options) {
  const made = { ...options, challenge: bytes(options.challenge) };
  if (options.user) made.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (options[list]) made[list] = options[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return made;
}

function answered(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function ask(form) {
  const publicKey = asked(JSON.parse(new TextDecoder().decode(bytes(form.dataset.options))));
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
  form.elements.credential.value = answered(credential);
  form.requestSubmit(form.querySelector("button[type=submit]"));
}

function failed(form, error) {
  const note = form.querySelector("[data-passkey-failed]");
  note.hidden = false;
  note.dataset.why = error.name;
  form.querySelector("button[type=submit]").removeAttribute("aria-busy");
}

/* Before the page's own listener, which marks a form as sent. */
function first(event) {
  const form = event.target;
  if (!form.dataset.passkey || form.elements.credential.value) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.querySelector("[data-passkey-failed]").hidden = true;
  form.querySelector("button[type=submit]").setAttribute("aria-busy", "true");
  ask(form).catch((error) => failed(form, error));
}

document.addEventListener("submit", first, true);
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    form.querySelector("button[type=submit]").disabled = true;
    form.querySelector("[data-passkey-missing]").hidden = false;
  }
}
