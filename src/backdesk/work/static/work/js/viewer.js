// The document beside the form: pages, size and turn, by button and by key.

const SIZES = ["75", "100", "125", "150", "200", "300"];

document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-move]");
    if (button) move(button.dataset.move, button.closest(".viewer"));
});

export function move(how, viewer = document.querySelector(".viewer")) {
    if (!viewer) return false;
    MOVES[how](viewer);
    return true;
}

const MOVES = {
    next: (viewer) => turnTo(viewer, 1),
    previous: (viewer) => turnTo(viewer, -1),
    larger: (viewer) => size(viewer, 1),
    smaller: (viewer) => size(viewer, -1),
    fit: (viewer) => (viewer.dataset.zoom = "100"),
    turn: (viewer) => (viewer.dataset.turned = String((Number(viewer.dataset.turned || 0) + 90) % 360)),
};

function size(viewer, by) {
    const at = SIZES.indexOf(viewer.dataset.zoom || "100") + by;
    viewer.dataset.zoom = SIZES[Math.min(Math.max(at, 0), SIZES.length - 1)];
}

function turnTo(viewer, by) {
    const pages = [...viewer.querySelectorAll(".viewer-page")];
    const pane = viewer.closest(".pane, .item-documents").getBoundingClientRect();
    const seen = pages.findIndex((page) => page.getBoundingClientRect().bottom > pane.top + 80);
    const target = pages[Math.min(Math.max((seen < 0 ? pages.length - 1 : seen) + by, 0), pages.length - 1)];
    target?.scrollIntoView({ block: "start" });
}
