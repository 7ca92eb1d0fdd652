// Tables: the head stays in sight where the table fits, a press on a row opens it, the selection is counted.

const sizes = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));

watch(document);
document.addEventListener("htmx:load", (event) => watch(event.detail.elt));
document.addEventListener("htmx:afterSettle", () => document.querySelectorAll('[data-controller~="fits"]').forEach(fit));

document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-href]");
    if (!row || event.target.closest("a, button, input, select, label, .pop") || String(getSelection())) return;
    if (event.metaKey || event.ctrlKey) open(row.dataset.href, "_blank", "noopener");
    else location.assign(row.dataset.href);
});

document.addEventListener("change", (event) => {
    const table = event.target.closest('[data-controller~="table"]');
    if (!table) return;
    if (event.target.matches("[data-select-all]")) selectAll(table, event.target.checked);
    if (event.target.matches("[data-select-all], .row-check")) count(table);
});

document.addEventListener("click", (event) => {
    const table = event.target.closest("[data-clear-selection]")?.closest('[data-controller~="table"]');
    if (!table) return;
    selectAll(table, false);
    count(table);
});

// What is not asked for stays out of the address.
document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.closest?.('[data-controller~="table"]')) return;
    const parameters = event.detail.parameters;
    for (const [name, value] of Object.entries(parameters)) if (value === "") delete parameters[name];
});

document.addEventListener("submit", (event) => {
    const form = event.target.closest('[data-controller~="address"]');
    if (!form) return;
    for (const input of form.elements) if (input.name && input.value === "") input.disabled = true;
});

function watch(root) {
    root.querySelectorAll('[data-controller~="fits"]').forEach((scroll) => sizes.observe(scroll));
}

function fit(scroll) {
    const table = scroll.querySelector("table");
    if (!table) return;
    // Measured as it would stand if it fitted: without the margins of a table that scrolls.
    scroll.classList.add("fits");
    const fits = table.offsetWidth <= scroll.clientWidth;
    scroll.classList.toggle("fits", fits);
    // Only what scrolls needs to be reached by keyboard.
    if (fits) scroll.removeAttribute("tabindex");
    else scroll.setAttribute("tabindex", "0");
}

function selectAll(table, isOn) {
    for (const box of table.querySelectorAll(".row-check, [data-select-all]")) box.checked = isOn;
}

function count(table) {
    const boxes = [...table.querySelectorAll(".row-check")];
    const selected = boxes.filter((box) => box.checked).length;
    const all = table.querySelector("[data-select-all]");
    if (all) {
        all.checked = selected > 0 && selected === boxes.length;
        all.indeterminate = selected > 0 && selected < boxes.length;
    }
    const text = table.querySelector("[data-count]");
    if (text) text.textContent = selected === 1 ? text.dataset.one : text.dataset.many.replace("%(count)s", selected);
}
