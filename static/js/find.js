// Find a student: the arrow keys walk the answers, Escape puts them away, a count is read out.

const form = document.querySelector("form.find");
const input = form?.querySelector("input[type=search]");
const results = document.getElementById("find-results");
const status = document.getElementById("find-status");

const links = () => [...results.querySelectorAll("a")];

function close() {
    results.replaceChildren();
    status.textContent = "";
}

function walk(event) {
    const stops = [input, ...links()];
    const here = stops.indexOf(document.activeElement);
    if (event.key === "Escape") {
        close();
        input.focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && stops.length > 1) {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        stops[(here + step + stops.length) % stops.length].focus();
    }
}

function announce() {
    const count = links().length;
    status.textContent = input.value.trim() === "" ? "" : `${count} found. ${count ? "Arrow down to choose." : ""}`;
}

if (form) {
    form.addEventListener("keydown", walk);
    results.addEventListener("htmx:afterSwap", announce);
    document.addEventListener("click", (event) => form.contains(event.target) || close());
}
