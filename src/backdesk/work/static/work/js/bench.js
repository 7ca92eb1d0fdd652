// The parts of the bench: which one is shown where there is no room for all.

import "./apart.js"; // whose buttons are where one begins

const PLACES = { material: ["left", "narrow"], form: ["narrow"], procedure: ["aside", "left", "narrow"], talk: ["aside", "left", "narrow"], about: ["aside", "left", "narrow"] };
const bench = document.querySelector('[data-controller~="bench"]');

if (bench) {
    mark();
    addEventListener("resize", mark);
    document.addEventListener("click", (event) => {
        const tab = event.target.closest("[data-shows]");
        if (!tab) return;
        event.preventDefault();
        show(tab.dataset.shows);
    });
    // What an address or a link of the summary leads to must be seen.
    document.addEventListener("click", (event) => {
        const link = event.target.closest('.error-summary a[href^="#"]');
        if (link) show("form");
    });
    if (location.hash.startsWith("#message-")) show("talk");
    else if (!document.querySelector(".error-summary") && !location.hash) firstField(document.getElementById("form"))?.focus();
}

export function show(pane, { takeFocus = true } = {}) {
    if (!bench || !PLACES[pane]) return false;
    for (const place of PLACES[pane]) bench.dataset[place] = pane;
    mark();
    const shown = document.getElementById(pane);
    if (takeFocus) (pane === "form" ? firstField(shown) : shown)?.focus({ preventScroll: true });
    return Boolean(shown);
}

// What is wrong, what wants to be confirmed once one has seen why, or where one begins.
function firstField(form) {
    const confirmed = form.querySelector("[data-confirm]:not([hidden]) input");
    if (confirmed) form.querySelector(".entry-message.warning")?.scrollIntoView({ block: "center" });
    return form.querySelector('[aria-invalid="true"]') ?? confirmed ?? form.querySelector(".apart button, .entry :is(input, select, textarea)");
}

function mark() {
    for (const tab of document.querySelectorAll("[data-shows]")) {
        const pane = document.getElementById(tab.dataset.shows);
        if (pane && getComputedStyle(pane).display !== "none") tab.setAttribute("aria-current", "true");
        else tab.removeAttribute("aria-current");
    }
}
