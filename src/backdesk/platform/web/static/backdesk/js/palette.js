// Go to a place by its name.

const palette = document.querySelector('[data-controller~="palette"]');

if (palette) {
    const input = palette.querySelector("input");
    const items = [...palette.querySelectorAll('[role="option"]')];
    const none = palette.querySelector(".palette-none");

    const shown = () => items.filter((item) => !item.hidden);
    const current = () => items.find((item) => item.ariaSelected === "true");

    input.addEventListener("input", () => {
        const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
        for (const item of items) item.hidden = !words.every((word) => item.textContent.toLowerCase().includes(word));
        none.hidden = shown().length > 0;
        mark(shown()[0]);
    });

    palette.addEventListener("keydown", (event) => {
        const places = shown();
        const at = places.indexOf(current());
        if (event.key === "ArrowDown") mark(places[(at + 1) % places.length]);
        else if (event.key === "ArrowUp") mark(places[(at - 1 + places.length) % places.length]);
        else if (event.key === "Enter") open(current());
        else return;
        event.preventDefault();
    });

    palette.addEventListener("click", (event) => open(event.target.closest('[role="option"]')));
    palette.addEventListener("close", () => reset());
    reset();

    function mark(item) {
        for (const other of items) other.ariaSelected = String(other === item);
        if (item) {
            input.setAttribute("aria-activedescendant", item.id);
            item.scrollIntoView({ block: "nearest" });
        } else input.removeAttribute("aria-activedescendant");
    }

    function open(item) {
        if (item) location.assign(item.dataset.href);
    }

    function reset() {
        input.value = "";
        for (const item of items) item.hidden = false;
        none.hidden = true;
        mark(items[0]);
    }
}
