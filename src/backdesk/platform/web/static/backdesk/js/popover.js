// Definitions also open on hover and focus; where the browser cannot place a popover by its button, this does.

const WAIT = 250;
const placesItself = CSS.supports("position-area", "block-end");
let waiting = 0;
let openedByHover = null;

document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const term = termOf(event.target);
    clearTimeout(waiting);
    if (term) waiting = setTimeout(() => show(term), WAIT);
    else if (openedByHover && !event.target.closest?.(".pop")) waiting = setTimeout(hide, WAIT);
});

document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
});

document.addEventListener("click", (event) => {
    // A press on a definition that hover has opened keeps it open.
    const term = termOf(event.target);
    if (term && openedByHover === popoverOf(term)) {
        event.preventDefault();
        openedByHover = null;
    }
});

document.addEventListener(
    "toggle",
    (event) => {
        const pop = event.target;
        if (placesItself || event.newState !== "open" || !pop.matches?.(".pop")) return;
        const button = document.querySelector(`[popovertarget="${pop.id}"]`);
        if (button) place(pop, button.getBoundingClientRect());
    },
    true,
);

function termOf(target) {
    return target.closest?.('[data-controller~="definition"]');
}

function popoverOf(term) {
    return document.getElementById(term.getAttribute("popovertarget"));
}

function show(term) {
    const pop = popoverOf(term);
    if (!pop || pop.matches(":popover-open")) return;
    pop.showPopover({ source: term });
    openedByHover = pop;
}

function hide() {
    if (openedByHover?.matches(":popover-open")) openedByHover.hidePopover();
    openedByHover = null;
}

function place(pop, button) {
    const margin = 8;
    const below = button.bottom + pop.offsetHeight + margin < innerHeight;
    pop.style.top = `${below ? button.bottom : Math.max(margin, button.top - pop.offsetHeight - margin)}px`;
    pop.style.left = `${Math.max(margin, Math.min(button.left, innerWidth - pop.offsetWidth - margin))}px`;
}
