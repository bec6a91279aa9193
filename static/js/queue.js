// The safeguarding desk by keyboard: j and k walk the queue, n goes to the next step. Other keys are data-key (shortcuts.js).

const rows = [...document.querySelectorAll("[data-queue] a")];
const step = document.querySelector("[data-triage-step] select");

function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || document.cookie.split("; ").includes("keys=0")) return;
    const by = { j: 1, k: -1 }[event.key];
    if (by && rows.length) {
        event.preventDefault();
        const here = rows.indexOf(document.activeElement);
        rows[here < 0 ? 0 : Math.min(Math.max(here + by, 0), rows.length - 1)].focus();
    } else if (event.key === "n" && step) {
        event.preventDefault();
        step.focus();
    }
}

document.addEventListener("keydown", press);
