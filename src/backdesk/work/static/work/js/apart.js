// Where two keyed differently, what one of them keyed is taken by a press; then comes the next field to decide.

const table = document.querySelector(".apart");
for (const cell of table?.querySelectorAll("[data-typed]") ?? []) {
    const typed = Object.entries(JSON.parse(cell.dataset.typed)).map(([name, text]) => [input(name), text]);
    if (typed.every(([field]) => field)) cell.replaceChildren(button(cell, typed));
}

function input(name) {
    return document.querySelector(`.entry [name="${CSS.escape(name)}"]`);
}

function button(cell, typed) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "button small" });
    made.setAttribute("aria-pressed", "false");
    made.append(...cell.childNodes);
    made.addEventListener("click", () => take(made, typed));
    return made;
}

function take(button, typed) {
    for (const [field, text] of typed) {
        if (field.type === "checkbox") field.checked = text === "true";
        else field.value = text;
        field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    for (const one of button.closest("tr").querySelectorAll("button")) one.setAttribute("aria-pressed", one === button);
    const open = [...table.querySelectorAll("tr:has(button):not(:has([aria-pressed=true]))")];
    (open[0]?.querySelector("button") ?? document.querySelector("[data-key-complete]")).focus();
}
