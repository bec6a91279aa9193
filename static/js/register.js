// Keys in a register: up and down move between students, a letter gives the mark, digits are minutes, Enter saves.
// They act only while a student's row has the focus; without this script every button works by itself.

const form = document.querySelector("[data-register]");
const rows = [...(form?.querySelectorAll("[data-row]") ?? [])];
const minutesOf = (row) => row.querySelector(".minutes input");
const isShown = (element) => element.offsetParent !== null;

function enter(row) {
    row?.querySelector("[type=radio]:checked")?.focus();
    row?.scrollIntoView({ block: "nearest" });
}

// "/" is present in the afternoon too; a letter without a button of its own is looked for behind Other.
function choose(row, letter) {
    const radios = [...row.querySelectorAll("[type=radio]")];
    const wanted = letter === "/" ? radios[0] : radios.find((radio) => radio.value === letter);
    const select = row.querySelector("select");
    const option = wanted ? null : [...select.options].find((o) => o.value === letter);
    if (!wanted && !option) return false;
    if (option) select.value = letter;
    const radio = wanted ?? radios.find((r) => r.value === "other");
    radio.checked = true;
    radio.focus();
    return true;
}

function type(row, digit) {
    const minutes = minutesOf(row);
    if (!isShown(minutes)) return false;
    minutes.value = digit;
    minutes.focus();
    return true;
}

function press(event) {
    const row = event.target.closest("[data-row]");
    if (!row && event.key === "ArrowDown" && event.target.matches("body, main")) {
        event.preventDefault();
        return enter(rows[0]);
    }
    if (!row || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select, summary")) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const inRadio = event.target.matches("[type=radio]");
    let done = false;
    if (step) {
        enter(rows[rows.indexOf(row) + step]);
        done = true;
    } else if (inRadio && /^[0-9]$/.test(event.key)) done = type(row, event.key);
    else if (/^[a-z/]$/i.test(event.key)) done = choose(row, event.key.toUpperCase());
    if (done) event.preventDefault();
}

if (rows.length) document.addEventListener("keydown", press);
