// Passkeys: asks the browser for a credential and sends it with the form around the button.
//
// A form says what it is for in data-passkey: "sign-in" fetches its options from the
// form's own address; "confirm" and "add" find theirs in the JSON block that
// data-passkey-options names. The forms are hidden until this script has looked whether
// the browser can do it.
"use strict";

function toBytes(text) {
  const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function toText(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
  return btoa(letters.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function withBytes(publicKey) {
  const options = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  for (const name of ["allowCredentials", "excludeCredentials"]) {
    if (options[name]) {
      options[name] = options[name].map((one) => ({ ...one, id: toBytes(one.id) }));
    }
  }
  if (options.user) {
    options.user = { ...options.user, id: toBytes(options.user.id) };
  }
  return options;
}

function asJson(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: toText(answer.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[name]) {
      response[name] = toText(answer[name]);
    }
  }
  if (answer.getTransports) {
    response.transports = answer.getTransports();
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsOf(form) {
  if (form.dataset.passkeyOptions) {
    return JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent);
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    throw new Error("The site did not answer.");
  }
  return (await answer.json()).request_options;
}

async function askBrowser(form) {
  const publicKey = withBytes((await optionsOf(form)).publicKey);
  if (form.dataset.passkey !== "add") {
    return navigator.credentials.get({ publicKey });
  }
  // A key that lives on the device and asks who holds it: enough to sign in by itself.
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  return navigator.credentials.create({ publicKey });
}

function explain(error) {
  if (error.name === "InvalidStateError") {
    return "This device already has a passkey for your account.";
  }
  if (error.name === "SecurityError") {
    return "Passkeys don’t work at this address. Open the site by its name, not by an IP address.";
  }
  if (error.name === "NotAllowedError" || error.name === "AbortError") {
    return "That was cancelled, or took too long. Try again, or choose another way.";
  }
  return "The passkey could not be used. Try again, or choose another way.";
}

function prepare(form) {
  const status = form.querySelector("[data-passkey-status]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    status.textContent = "Waiting for your device…";
    try {
      const credential = await askBrowser(form);
      form.elements.credential.value = JSON.stringify(asJson(credential));
      form.submit();
    } catch (error) {
      status.textContent = explain(error);
    }
  });
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("form[data-passkey]").forEach(prepare);
}
