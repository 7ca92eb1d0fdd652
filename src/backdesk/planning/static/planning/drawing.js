// The drawing of a process: all of it at once where it can be read so, else from where cases begin.

const LEAST = 0.6; // of its own size: made smaller, it is a pattern and not a text
let asked = null; // what somebody chose holds for the drawings that follow, too

document.addEventListener("change", (event) => {
    if (event.target.closest(".drawing-fit")) asked = event.target.checked;
});

document.querySelectorAll(".drawing").forEach(settle);
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelectorAll(".drawing").forEach(settle));

function settle(drawing) {
    const frame = drawing.querySelector(".map-drawing");
    const svg = frame.querySelector("svg");
    if (!svg) return;
    const choice = drawing.querySelector(".drawing-fit");
    const scale = frame.clientWidth / svg.viewBox.baseVal.width;
    choice.hidden = scale >= 1;
    choice.querySelector("input").checked = asked ?? scale >= LEAST;
    const start = svg.querySelector(".pm-start")?.getBoundingClientRect();
    if (start) frame.scrollLeft += start.x + start.width / 2 - frame.getBoundingClientRect().x - frame.clientWidth / 2;
}
