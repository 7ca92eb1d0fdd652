// The table of lines: Enter and the arrows go from cell to cell, a line is added where the last one is filled.

document.addEventListener("click", (event) => {
    const grid = event.target.closest?.('[data-controller~="grid"]');
    if (!grid) return;
    if (event.target.closest("[data-add]")) run(event, () => focus(add(grid), 0));
    if (event.target.closest("[data-remove]")) run(event, () => remove(event.target.closest("tbody")));
});

document.addEventListener("input", (event) => {
    const row = event.target.closest?.('[data-controller~="grid"] tbody');
    if (row && !row.nextElementSibling && event.target.value) add(row.closest("[data-grid]"), { quietly: true });
});

document.addEventListener("keydown", (event) => {
    const row = event.target.closest?.('[data-controller~="grid"] tbody');
    if (!row || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !event.target.matches("input, select, textarea")) return;
    const move = MOVES[event.key];
    if (move && move(event.target, row, event.shiftKey)) event.preventDefault();
});

const MOVES = {
    Enter: (cell, row, back) => !cell.matches("textarea") && go(row, column(cell), back ? -1 : 1),
    ArrowDown: (cell, row) => isPlain(cell) && go(row, column(cell), 1),
    ArrowUp: (cell, row) => isPlain(cell) && go(row, column(cell), -1),
    ArrowLeft: (cell) => isAtEdge(cell, 0) && beside(cell, -1),
    ArrowRight: (cell) => isAtEdge(cell, cell.value.length) && beside(cell, 1),
};

function run(event, action) {
    event.preventDefault();
    action();
}

// Lists of choices use the arrows themselves, so does a text of several lines.
function isPlain(cell) {
    return cell.matches("input:not([list])");
}

function isAtEdge(cell, place) {
    return cell.matches("input") && cell.selectionStart === place && cell.selectionEnd === place;
}

function cells(row) {
    return [...row.querySelectorAll("input, select, textarea")];
}

function column(cell) {
    return cells(cell.closest("tbody")).indexOf(cell);
}

function go(row, at, by) {
    const target = by > 0 ? row.nextElementSibling : row.previousElementSibling;
    const next = target?.matches("tbody") ? target : by > 0 && isFilled(row) ? add(row.closest("[data-grid]")) : null;
    return focus(next, at);
}

function beside(cell, by) {
    const row = cells(cell.closest("tbody"));
    return focusCell(row[row.indexOf(cell) + by]);
}

function focus(row, at) {
    return Boolean(row) && focusCell(cells(row)[at]);
}

function focusCell(cell) {
    cell?.focus();
    cell?.select?.();
    return Boolean(cell);
}

function isFilled(row) {
    return cells(row).some((cell) => cell.matches("input, textarea") && cell.value);
}

// A copy of the last line, emptied, with the next number in every name.
export function add(grid, { quietly = false } = {}) {
    const last = grid.querySelector("tbody:last-of-type");
    const from = Number(last.dataset.row);
    const row = last.cloneNode(true);
    renumber(row, grid.dataset.grid, from, from + 1);
    for (const cell of cells(row)) empty(cell);
    for (const said of row.querySelectorAll("[data-row-says], [data-note]")) said.replaceChildren();
    last.after(row);
    if (!quietly) tell(grid.dataset.added);
    return row;
}

function empty(cell) {
    cell.removeAttribute("aria-invalid");
    cell.removeAttribute("value");
    if (!cell.name.endsWith("-currency")) cell.value = "";
}

function renumber(row, table, from, to) {
    row.dataset.row = to;
    row.querySelector("[data-number]").textContent = to + 1;
    const before = `${table}-${from}`;
    const after = `${table}-${to}`;
    for (const node of row.querySelectorAll("*")) {
        for (const { name, value } of [...node.attributes]) {
            if (/^(id|name|value|aria-describedby|data-note)$/.test(name) && (name !== "value" || node.matches("button"))) {
                node.setAttribute(name, value.replaceAll(before, after));
            }
            if (name === "aria-label") node.setAttribute(name, value.replace(String(from + 1), String(to + 1)));
        }
    }
}

function remove(row) {
    const grid = row.closest("[data-grid]");
    const rows = [...grid.querySelectorAll("tbody")];
    const at = rows.indexOf(row);
    if (rows.length === 1) for (const cell of cells(row)) empty(cell);
    else row.remove();
    [...grid.querySelectorAll("tbody")].forEach((left, place) => {
        if (Number(left.dataset.row) !== place) renumber(left, grid.dataset.grid, Number(left.dataset.row), place);
    });
    focus(grid.querySelectorAll("tbody")[Math.max(Math.min(at, rows.length - 2), 0)], 0);
    grid.dispatchEvent(new Event("change", { bubbles: true }));
    tell(grid.dataset.removed);
}

function tell(text) {
    document.getElementById("announcer").textContent = text;
}
