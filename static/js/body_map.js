// The body map of a form: a press on the drawing adds a mark there, the dots follow the list. The list alone does it all.

const SVG = "http://www.w3.org/2000/svg";
const APART = 15; // several marks in one area stand beside each other

class Marks {
    constructor(box) {
        this.box = box;
        this.rows = box.querySelector("[data-mark-rows]");
        this.template = box.querySelector("template");
        this.said = box.querySelector("[data-marks-said]");
        this.next = Number(box.dataset.next);
        box.classList.add("is-live");
        box.querySelector("[data-marks-how]").hidden = false;
        this.button = box.querySelector("[data-add-mark]");
        this.button.type = "button"; // without scripts it asks the server for a row
        this.button.addEventListener("click", () => this.focus(this.add(), "place"));
        box.addEventListener("click", (event) => this.pressed(event.target));
        box.addEventListener("input", (event) => event.target.matches("[data-mark-input=place]") && this.draw());
        for (const row of this.rows.children) this.ready(row);
        this.draw();
    }

    pressed(target) {
        const area = target.closest("[data-area]");
        if (area) {
            const row = this.add(area.dataset.area);
            this.say(`${row.querySelector("legend").textContent} added.`);
            return this.focus(row, "kind");
        }
        const row = target.closest("[data-remove-mark]")?.closest("[data-mark]");
        if (row) this.remove(row);
    }

    // The first row without a word in it, or a new one.
    add(place = "") {
        const row = this.shown.find((one) => this.isEmpty(one)) ?? this.rows.querySelector(".is-spare") ?? this.fresh();
        row.classList.remove("is-spare");
        if (place) this.set(row.querySelector("[data-mark-input=place]"), place);
        this.draw();
        return row;
    }

    fresh() {
        const copy = document.createElement("template");
        copy.innerHTML = this.template.innerHTML.replaceAll("__mark__", String(this.next));
        this.next += 1;
        this.rows.append(copy.content);
        return this.ready(this.rows.lastElementChild);
    }

    ready(row) {
        row.querySelector("[data-remove-mark]").hidden = false;
        return row;
    }

    remove(row) {
        const name = row.querySelector("legend").textContent;
        const after = row.nextElementSibling ?? row.previousElementSibling;
        row.remove();
        this.draw();
        this.say(`${name} removed.`);
        // Drafts hear of it as of any typing.
        this.box.dispatchEvent(new Event("input", { bubbles: true }));
        if (after && !after.classList.contains("is-spare")) this.focus(after, "place");
        else this.button.focus();
    }

    set(select, value) {
        select.value = value;
        select.dispatchEvent(new Event("input", { bubbles: true }));
        select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    focus(row, key) {
        row.querySelector(`[data-mark-input=${key}]`).focus();
    }

    say(text) {
        this.said.textContent = text;
    }

    get shown() {
        return [...this.rows.children].filter((row) => !row.classList.contains("is-spare"));
    }

    isEmpty(row) {
        return [...row.querySelectorAll("select, input, textarea")].every((field) => !field.value.trim());
    }

    // Numbers, names and dots anew, in the order of the rows.
    draw() {
        for (const dots of this.box.querySelectorAll("[data-body-dots]")) dots.replaceChildren();
        for (const area of this.box.querySelectorAll(".is-marked")) area.classList.remove("is-marked");
        const taken = new Map();
        this.shown.forEach((row, index) => {
            const select = row.querySelector("[data-mark-input=place]");
            for (const number of row.querySelectorAll("[data-mark-number]")) number.textContent = index + 1;
            const name = select.value ? select.selectedOptions[0].textContent : "";
            row.querySelector("[data-mark-place]").textContent = name && `: ${name[0].toLowerCase()}${name.slice(1)}`;
            const area = select.value && this.box.querySelector(`[data-area="${select.value}"]`);
            if (area) this.dot(area, index + 1, taken);
        });
    }

    dot(area, number, taken) {
        const nth = taken.get(area) ?? 0;
        taken.set(area, nth + 1);
        const x = Number(area.dataset.x) + (nth % 3) * APART;
        const y = Number(area.dataset.y) + Math.floor(nth / 3) * APART;
        const group = element("g", { class: "body-dot" });
        const text = element("text", { x, y, dy: 3.5 });
        text.textContent = number;
        group.append(element("circle", { cx: x, cy: y, r: 7 }), text);
        area.closest("svg").querySelector("[data-body-dots]").append(group);
        area.classList.add("is-marked");
    }
}

function element(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
}

for (const box of document.querySelectorAll("[data-marks]")) new Marks(box);
