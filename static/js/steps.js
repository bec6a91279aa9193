// "Add another step": copies the <template> of a formset. Without scripts the rows already on the page are enough.

for (const box of document.querySelectorAll("[data-steps]")) {
    const button = box.querySelector("[data-add-step]");
    const template = box.querySelector("template");
    const total = box.querySelector("[name$=TOTAL_FORMS]");
    const rows = box.querySelector("[data-step-rows]");
    button.hidden = false;
    button.addEventListener("click", () => {
        const row = document.createElement("template");
        row.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
        total.value = String(Number(total.value) + 1);
        rows.append(row.content);
        rows.lastElementChild.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    });
}
