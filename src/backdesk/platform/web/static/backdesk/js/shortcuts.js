// Work by keyboard: g and a letter goes to a place, j and k walk the rows, / searches, ? shows all of it.

const PATIENCE = 1200;
let goingUntil = 0;

document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey) {
        if (event.key.toLowerCase() === "k") run(event, openPalette);
        return;
    }
    if (Date.now() < goingUntil) {
        goingUntil = 0;
        return run(event, () => go(event.key));
    }
    const action = ACTIONS[event.key];
    if (action) run(event, action);
});

document.addEventListener("keydown", (event) => {
    // From within a field too.
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && isTyping(event.target)) run(event, openPalette);
});

const ACTIONS = {
    g: () => ((goingUntil = Date.now() + PATIENCE), true),
    j: () => step(1),
    k: () => step(-1),
    n: () => follow('[rel="next"]'),
    p: () => follow('[rel="prev"]'),
    x: () => select(),
    "/": () => focus("main [data-search]") || openPalette(),
    "?": () => openDialog("shortcuts"),
};

function run(event, action) {
    if (action()) event.preventDefault();
}

function isTyping(target) {
    return target.isContentEditable || target.matches?.("textarea, select, input:not([type='checkbox'], [type='radio'], [type='range'])");
}

function go(letter) {
    const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
    link?.click();
    return Boolean(link);
}

// The table one is in, else the page's table of data before any other, else its list.
function walked() {
    const titles = [...document.querySelectorAll(".today-title, .told-title, .found-title")];
    const isInList = titles.some((title) => title.closest("li").contains(document.activeElement));
    const table =
        document.activeElement?.closest?.("table") ??
        document.querySelector('[data-controller~="table"] table:has(tbody th a)') ??
        (titles.length ? null : document.querySelector("table:has(tbody th a)"));
    return table && !isInList ? [...table.querySelectorAll("tbody tr > th:first-child a")] : titles;
}

function step(by) {
    const links = walked();
    if (!links.length) return false;
    const row = document.activeElement?.closest?.("tr, .today > li, .told, .found");
    const current = row ? links.findIndex((link) => row.contains(link)) : -1;
    const next = current < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(current + by, 0), links.length - 1);
    links[next].focus();
    return true;
}

function select() {
    const box = document.activeElement?.closest?.("tr")?.querySelector(".row-check");
    box?.click();
    return Boolean(box);
}

function follow(selector) {
    const link = document.querySelector(selector);
    link?.click();
    return Boolean(link);
}

function focus(selector) {
    const input = document.querySelector(selector);
    input?.focus();
    input?.select?.();
    return Boolean(input);
}

function openPalette() {
    return openDialog("palette");
}

function openDialog(id) {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
    return Boolean(dialog);
}
