// "Add another step": shows a spare row, then copies the <template> of the formset. Without scripts all rows show.

for (const box of document.querySelectorAll("[data-steps]")) {
    const button = box.querySelector("[data-add-step]");
    const template = box.querySelector("template");
    const total = box.querySelector("[name$=TOTAL_FORMS]");
    const rows = box.querySelector("[data-step-rows]");
    button.hidden = false;
    button.addEventListener("click", () => {
        const spare = rows.querySelector(".is-spare");
        if (spare) {
            spare.classList.remove("is-spare");
            return spare.querySelector("input:not([type=hidden])").focus();
        }
        const row = document.createElement("template");
        row.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
        total.value = String(Number(total.value) + 1);
        rows.append(row.content);
        rows.lastElementChild.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    });
}
