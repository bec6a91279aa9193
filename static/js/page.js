// Small things of every page: the privacy blur, the list of errors, and what htmx should not do.

const YEAR = 31536000;

// Choices of this computer, such as the blur: never anything about a person.
function remember(name, value) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
}

document.addEventListener("change", ({ target }) => target.dataset.remember && remember(target.dataset.remember, target.checked ? "1" : "0"));

// The server reads this cookie too, so that a page never flashes its names before the blur.
for (const button of document.querySelectorAll("[data-privacy]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
        const on = document.body.classList.toggle("private");
        button.setAttribute("aria-pressed", String(on));
        remember("privacy", on ? "1" : "0");
    });
}

// Every browser prints by itself; the button is there for those who do not know how.
for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
}

// A list over the page shuts by itself, as a menu does.
const shut = (except) => document.querySelectorAll(".drop[open]").forEach((drop) => { if (drop !== except) drop.open = false; });
document.addEventListener("click", ({ target }) => shut(target.closest(".drop")));
document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Escape") return;
    const drop = target.closest(".drop[open]");
    shut();
    drop?.querySelector("summary").focus();
});

// A long side bar stands where the line of this page is in sight.
document.querySelector(".menu-lines [aria-current]")?.scrollIntoView({ block: "nearest" });

document.querySelector(".error-summary")?.focus();

// Back after sending: the browser puts the words back into a fresh form. Sent once more just so it is the same form, by
// its token; with other words it is another. Of the words only a number is kept, with this one step of the history.
const said = (form) => {
    const hidden = new Set([...form.querySelectorAll("input[type=hidden]")].map(({ name }) => name));
    const words = [...new FormData(form)].filter(([name]) => !hidden.has(name)).map(([name, value]) => `${name}=${value.name ?? value}`);
    return [...words.join("\n")].reduce((sum, letter) => Math.imul(sum ^ letter.codePointAt(0), 0x01000193), 0x811c9dc5);
};
document.addEventListener("submit", ({ target, defaultPrevented }) => {
    const token = target.elements.namedItem("draft_token");
    if (!token || defaultPrevented) return;
    const now = { key: target.dataset.autosave, said: said(target) };
    const before = history.state?.sent;
    if (before && before.key === now.key && before.said === now.said) token.value = before.token;
    history.replaceState({ ...history.state, sent: { ...now, token: token.value } }, "");
});

// htmx notes the page's path in the tab's storage; this product keeps nothing there.
const forgetPath = () => sessionStorage.removeItem("htmx-current-path-for-history");
forgetPath();
addEventListener("htmx:pushedIntoHistory", forgetPath);
addEventListener("htmx:replacedInHistory", forgetPath);

// When the session has ended, a part of a page would stay still or be filled with the sign-in page. Say so instead.
addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    const login = document.body.dataset.loginUrl;
    if (xhr.status !== 401 && new URL(xhr.responseURL || "/", location).pathname !== login) return;
    event.detail.shouldSwap = false;
    const link = document.createElement("a");
    link.href = login;
    link.target = "_blank";
    link.textContent = "You are signed out. Sign in in a new tab.";
    event.detail.target.replaceChildren(link);
});
