// Whether somebody is still signed in, and the new form token after they signed in again in another tab.

export const PATIENCE = 10000; // milliseconds before an unanswered request counts as lost

export class SignedOut extends Error {}

export async function refreshToken() {
    const page = document.body.dataset;
    const response = await fetch(page.csrfUrl, { redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) throw new SignedOut();
    const { csrf, signed_in: signedIn, user } = await response.json();
    if (!signedIn) throw new SignedOut();
    if (user !== page.user) {
        // Somebody else has signed in at this computer: this page is not theirs to see or to send.
        document.body.replaceChildren();
        location.replace("/");
        throw new SignedOut();
    }
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = csrf;
}
