// A concern where there is no connection: the link would lead nowhere, so a sheet that came with the page takes the words.
// They stay in the page; autosave.js keeps them as a draft when it can, and opens the form with it.

const template = document.getElementById("no-connection");
const raise = template.content.querySelector("[data-raise]").dataset.raise;
const sheets = new Map(); // by the link that opened it: about the child of this page, or about anybody

function begin(link) {
    const sheet = template.content.firstElementChild.cloneNode(true);
    const form = sheet.querySelector("[data-autosave]");
    const now = new Date();
    const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
    for (const [name, value] of Object.entries({ draft_token: crypto.randomUUID(), draft_revision: 0, happened_on: day })) {
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    form.addEventListener("kept", (event) => {
        const then = new URL(link.href);
        then.searchParams.set("draft", form.elements.draft_token.value);
        event.preventDefault();
        location.assign(then);
    });
    const student = new URL(link.href).searchParams.get("student");
    if (student) {
        form.dataset.autosave = form.dataset.autosave.replace(/[0-9a-f-]{36}/, student);
        form.querySelector("[data-child]").replaceChildren(link.dataset.keyLabel ?? "About the student of this page");
    }
    document.body.append(sheet);
    form.dispatchEvent(new Event("autosave", { bubbles: true }));
    return sheet;
}

document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (navigator.onLine || link?.pathname !== raise || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!sheets.has(link.href)) sheets.set(link.href, begin(link));
    sheets.get(link.href).showModal();
});
