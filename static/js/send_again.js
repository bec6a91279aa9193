// The page after a lost session: takes the new form token before the kept text is sent again.

const form = document.querySelector("[data-send-again]");
const status = form?.querySelector("[role=status]");

form?.addEventListener("submit", async (event) => {
    if (form.dataset.ready) return;
    event.preventDefault();
    try {
        const answer = await (await fetch(form.dataset.csrfUrl, { headers: { Accept: "application/json" } })).json();
        if (!answer.signed_in) {
            status.textContent = "You are not signed in yet. Sign in in the other tab first; your text stays here.";
            return;
        }
        form.elements.csrfmiddlewaretoken.value = answer.csrf;
        form.dataset.ready = "yes";
        form.requestSubmit();
    } catch {
        status.textContent = "No connection. Your text stays here; try again in a moment.";
    }
});
