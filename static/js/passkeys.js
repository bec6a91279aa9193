// Passkeys: ties a page's button to allauth's scripts, and says in words what went wrong.

const ways = { add: "addForm", authenticate: "authenticateForm", login: "loginForm" };
const form = document.querySelector("form[data-passkey]");
const button = document.getElementById(`${form.id}-button`);
const status = document.getElementById(`${form.id}-status`);
const kind = form.dataset.passkey;

// allauth leaves the form as it is on "add", and takes the press itself elsewhere.
form.addEventListener("submit", (event) => event.preventDefault());
button.addEventListener("click", () => { status.textContent = ""; });
window.allauth.webauthn.forms[ways[kind]]({
    ids: { [kind]: button.id, credential: "passkey-credential", passwordless: "id_passwordless", data: "passkey-options" },
});
button.hidden = false;

document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const name = event.detail.exception?.name;
    if (name === "InvalidStateError") {
        status.textContent = "This device is already one of your passkeys.";
    } else if (name === "NotAllowedError" || name === "AbortError") {
        status.textContent = "Nothing was taken: it was cancelled, or took too long. Try again when you are ready.";
    } else {
        status.textContent = "This browser or device could not do that. Another device, or an app with codes, will.";
    }
});
