// Beside each comment, how long it is; under all of them, how many are still missing.

for (const form of document.querySelectorAll("form[data-comments]")) {
    const boxes = [...form.querySelectorAll("textarea[data-counts]")];
    const missing = form.querySelector("[data-missing]");
    const count = () => {
        for (const box of boxes) {
            const line = box.closest(".comment").querySelector("[data-counter]");
            line.textContent = `${box.value.length} of ${box.dataset.counts} characters`;
        }
        const left = String(boxes.filter((box) => !box.value.trim()).length);
        if (missing && missing.textContent !== left) missing.textContent = left;
    };
    form.addEventListener("input", count);
    count();
}
