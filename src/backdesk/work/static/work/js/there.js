// Who is not at the page for ten minutes is not there: nothing is given to an empty chair, and no session kept alive.

const SOMEBODY_IS_THERE = 600_000;
let seen = Date.now();

for (const sign of ["pointermove", "pointerdown", "keydown", "scroll"]) {
    document.addEventListener(sign, () => (seen = Date.now()), { passive: true, capture: true });
}

document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches("[data-there]") && Date.now() - seen > SOMEBODY_IS_THERE) event.preventDefault();
});
