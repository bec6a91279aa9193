// Keyboard shortcuts: every element with data-key="…" is one. A field is focused, a link or button is pressed.
// One-letter shortcuts can be switched off (WCAG 2.1.4); page.js keeps the choice in a cookie.

const sheet = document.getElementById("keys");
const PAUSE = 1000; // milliseconds between the keys of "g t"
let typed = "";
let timer = 0;

const isOn = () => !document.cookie.split("; ").includes("keys=0");
const isTyping = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

function act(element) {
    if (element.dataset.key === "?") return openSheet();
    if (element.matches("a, button")) return element.click();
    const field = element.matches("form") ? element.querySelector("textarea, input:not([type=hidden]), select") : element;
    field?.focus();
    field?.scrollIntoView({ block: "center" });
}

function openSheet() {
    const list = sheet.querySelector("[data-keys-list]");
    list.replaceChildren();
    const seen = new Set();
    for (const element of document.querySelectorAll("[data-key]")) {
        if (seen.has(element.dataset.key)) continue;
        seen.add(element.dataset.key);
        list.append(term(element.dataset.key), describe(element));
    }
    sheet.querySelector("[data-keys-on]").checked = isOn();
    sheet.showModal();
}

function term(keys) {
    const dt = document.createElement("dt");
    for (const key of keys.split(" ")) {
        const kbd = document.createElement("kbd");
        kbd.textContent = key;
        dt.append(kbd, " ");
    }
    return dt;
}

function describe(element) {
    const dd = document.createElement("dd");
    dd.textContent = element.dataset.keyLabel || element.textContent.trim();
    return dd;
}

function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    if (event.key.length > 1 || isTyping(event.target) || sheet?.open || !isOn()) return;
    clearTimeout(timer);
    timer = setTimeout(() => (typed = ""), PAUSE);
    typed = `${typed} ${event.key}`.trim();
    const known = [...document.querySelectorAll("[data-key]")];
    // Of two the page's own is meant, which stands after the side bar's: on a student's page a concern is about them.
    const wanted = known.findLast((element) => element.dataset.key === typed) ?? known.findLast((element) => element.dataset.key === event.key);
    if (wanted) {
        event.preventDefault();
        typed = "";
        act(wanted);
    } else if (!known.some((element) => element.dataset.key.startsWith(typed))) {
        typed = known.some((element) => element.dataset.key.startsWith(`${event.key} `)) ? event.key : "";
    }
}

if (sheet) {
    document.addEventListener("keydown", press);
    // The link to the page of shortcuts opens the sheet instead; with another window in mind it stays a link.
    document.querySelector('[data-key="?"]')?.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        openSheet();
    });
}
