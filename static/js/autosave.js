// Saves what is typed into <form data-autosave="url"> as a draft on the server; nothing is kept in the browser.
// A lost session, a dropped network or a second tab loses no word: the text stays here until the server has it.

const [AFTER_TYPING, AT_LEAST, PATIENCE] = [2000, 5000, 10000]; // milliseconds
const KEEPALIVE_LIMIT = 60000; // browsers carry at most 64 KB past the end of a page
const page = document.body.dataset;

class SignedOut extends Error {}
class Refused extends Error {}

class Draft {
    constructor(form) {
        this.form = form;
        this.line = form.querySelector("[data-autosave-status]") ?? form.closest(".card")?.querySelector("[data-autosave-status]");
        // Edits are counted, so that an answer knows whether it is still the newest.
        this.edits = this.sent = this.saved = this.failures = 0;
        this.savedAt = this.line?.textContent.match(/\d\d:\d\d/)?.[0] ?? "";
        this.closed = false;
        this.running = this.wanted = null; // an attempt; the button that was pressed, until the form is gone
        form.addEventListener("input", () => this.changed());
        form.addEventListener("submit", (event) => this.submitted(event));
        addEventListener("pagehide", () => this.flush());
        document.addEventListener("visibilitychange", () => (document.hidden ? this.flush() : this.later(0)));
        addEventListener("online", () => this.later(0));
        addEventListener("beforeunload", (event) => this.isDirty && (this.failures || this.isLong) && event.preventDefault());
        addEventListener("pageshow", (event) => event.persisted && this.closed && location.reload());
    }

    get isDirty() {
        return !this.closed && this.edits > this.saved;
    }

    get isLong() {
        return [...new FormData(this.form).values()].reduce((sum, value) => sum + 3 * String(value).length + 200, 0) >= KEEPALIVE_LIMIT;
    }

    changed() {
        if (this.edits === this.saved) this.dirtySince = Date.now();
        this.edits += 1;
        if (this.failures && !this.form.dataset.kept) this.wanted = null; // a sheet's words are looked over again
        if (!this.failures) this.later(Math.min(AFTER_TYPING, Math.max(0, this.dirtySince + AT_LEAST - Date.now())));
    }

    later(milliseconds) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => (this.isDirty || this.wanted) && this.save(), milliseconds);
    }

    // Resolves to true once the server has everything typed so far.
    save() {
        this.running ??= this.attempt().finally(() => (this.running = null));
        return this.running;
    }

    // The page is being left: what no request carries yet goes out now.
    flush() {
        if (this.isDirty && this.sent < this.edits) this.running = this.attempt().finally(() => (this.running = null));
    }

    async attempt() {
        clearTimeout(this.timer);
        const edits = (this.sent = this.edits);
        const slow = setTimeout(() => this.failures || this.say("Saving…"), 800);
        try {
            this.accept(await this.post(), edits);
            if (this.wanted && !this.isDirty) this.send();
            return true;
        } catch (error) {
            this.failures += 1;
            this.sent = this.saved;
            this.explain(error);
            this.later(Math.min(60000, 1000 * 2 ** this.failures));
            return false;
        } finally {
            clearTimeout(slow);
        }
    }

    async post(mayRefresh = true) {
        const body = new FormData(this.form);
        for (const name of [...body.keys()]) if (body.get(name) instanceof File) body.delete(name); // a draft is words
        const response = await fetch(this.form.dataset.autosave, {
            method: "POST",
            body,
            headers: { "X-CSRFToken": body.get("csrfmiddlewaretoken"), Accept: "application/json" },
            redirect: "manual",
            keepalive: !this.isLong, // the request outlives the page
            signal: AbortSignal.timeout(PATIENCE),
        });
        if (response.ok) return response.json();
        if (response.status === 429) throw new Refused((await response.json()).error);
        const refused = response.type === "opaqueredirect" || response.status === 401 || response.status === 403;
        if (!refused) throw new Error(`answer ${response.status}`);
        if (!mayRefresh) throw new SignedOut();
        await refreshToken(); // signed in again in another tab: the old token is void
        return this.post(false);
    }

    accept(answer, edits) {
        this.saved = Math.max(this.saved, edits);
        [this.failures, this.savedAt, this.dirtySince] = [0, answer.saved_at, Date.now()];
        for (const [name, value] of [["draft_token", answer.token], ["draft_revision", answer.revision]]) {
            const field = this.form.elements.namedItem(name);
            if (field && value !== undefined) field.value = value;
        }
        this.say(answer.forked ? "This form is also open elsewhere; both texts are kept" : (this.form.dataset.kept ?? `Draft saved ${this.savedAt}`));
        if (this.isDirty) this.later(AFTER_TYPING);
    }

    explain(error) {
        if (error instanceof SignedOut || error instanceof Refused) this.wanted = null;
        if (error instanceof SignedOut) {
            const link = Object.assign(document.createElement("a"), { href: page.loginUrl, target: "_blank", textContent: "Sign in in a new tab" });
            return this.say("You are signed out. ", link, "; your text stays here.");
        }
        const since = this.savedAt ? `Not saved since ${this.savedAt}` : "Not saved yet";
        this.say(error instanceof Refused ? `${since}. ${error.message}` : `${since}: no connection, trying again`);
    }

    say(...parts) {
        const text = parts.map((part) => part.textContent ?? part).join("");
        if (!this.line || this.line.textContent === text) return; // the same words are not read out twice
        this.line.replaceChildren(...parts);
        this.line.classList.toggle("is-late", this.failures > 0);
    }

    // First the draft, then the form: a submit that cannot arrive is not sent but kept, until it can or typing goes on.
    async submitted(event) {
        if (this.closed) return;
        event.preventDefault();
        this.wanted = { button: event.submitter };
        await this.running;
        if (!this.closed && !(await this.save())) this.line?.scrollIntoView({ block: "nearest" });
    }

    send() {
        this.closed = true;
        clearTimeout(this.timer);
        if (!this.form.dispatchEvent(new Event("kept", { cancelable: true }))) return; // a sheet goes on elsewhere
        this.form.requestSubmit(this.wanted.button);
        setTimeout(() => this.form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
    }
}

async function refreshToken() {
    const response = await fetch(page.csrfUrl, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) throw new Error(`answer ${response.status}`);
    const answer = await response.json();
    if (!answer.signed_in) throw new SignedOut();
    if (answer.user !== page.user) {
        // Somebody else has signed in at this computer: this page is not theirs to see or to send.
        document.body.replaceChildren();
        location.replace("/");
        throw new SignedOut();
    }
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = answer.csrf;
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Draft(form);
document.addEventListener("autosave", ({ target }) => new Draft(target)); // a sheet
