// Search or go to: places, actions and recent pages by their names at once, all else as the server finds it.

const PAUSE = 150;
const MOST_RECENT = 5;

const palette = document.querySelector('[data-controller~="palette"]');
if (palette) start(palette);

function start(palette) {
    const input = palette.querySelector("input");
    const recent = palette.querySelector("[data-recent]");
    const found = palette.querySelector("[data-found]");
    const everything = palette.querySelector("[data-everything]");
    const told = palette.querySelector("[data-told]");
    let waiting = 0;
    let asking = null;
    let hasChosen = false; // by an arrow or the pointer, which no answer that comes later undoes

    remember();
    drawRecent();
    reset();

    input.addEventListener("input", () => {
        hasChosen = false;
        narrow();
        clearTimeout(waiting);
        asking?.abort();
        if (input.value.trim()) waiting = setTimeout(ask, PAUSE);
        else found.replaceChildren();
        tell();
    });

    palette.addEventListener("keydown", (event) => {
        const options = shown();
        const at = options.indexOf(current());
        if (event.key === "ArrowDown") mark(options[(at + 1) % options.length]);
        else if (event.key === "ArrowUp") mark(options[(at - 1 + options.length) % options.length]);
        else if (event.key === "PageDown") mark(options[Math.min(at + 8, options.length - 1)]);
        else if (event.key === "PageUp") mark(options[Math.max(at - 8, 0)]);
        else if (event.key === "Enter" && event.target === input && !event.isComposing) choose(current(), event);
        else return;
        hasChosen = true;
        event.preventDefault();
    });

    palette.addEventListener("click", (event) => choose(event.target.closest('[role="option"]'), event));
    palette.addEventListener("pointermove", (event) => {
        const option = event.target.closest('[role="option"]');
        if (option) mark(option, false);
        hasChosen ||= Boolean(option);
    });
    palette.addEventListener("close", reset);

    async function ask() {
        asking = new AbortController();
        const address = `${palette.dataset.asks}?${new URLSearchParams({ q: input.value, palette: "" })}`;
        try {
            const answer = await fetch(address, { signal: asking.signal, redirect: "error" });
            found.innerHTML = answer.ok ? await answer.text() : "";
        } catch (error) {
            if (error.name === "AbortError") return;
            found.replaceChildren();
        }
        if (!hasChosen || !current()) mark(shown()[0]);
        tell();
    }

    function narrow() {
        const words = input.value.toLowerCase().split(/\s+/).filter(Boolean).map(asBeginning);
        for (const item of palette.querySelectorAll("[data-local] [role='option'], [data-recent] [role='option']")) {
            item.hidden = !words.every((word) => word.test(item.querySelector(".palette-text").textContent));
        }
        for (const group of palette.querySelectorAll("[data-local], [data-recent]")) {
            group.hidden = !group.querySelector("[role='option']:not([hidden])");
        }
        everything.hidden = !words.length;
        everything.querySelector("[data-typed]").textContent = words.length ? `“${input.value.trim()}”` : "";
        everything.querySelector("[role='option']").dataset.href =
            `${palette.dataset.asks}?${new URLSearchParams({ q: input.value.trim() })}`;
        // What was found for other words goes when the new answer comes, so that nothing jumps.
        mark(shown()[0]);
    }

    function shown() {
        return [...palette.querySelectorAll('[role="option"]')].filter((item) => !item.hidden && !item.closest("[hidden]"));
    }

    function current() {
        return shown().find((item) => item.ariaSelected === "true");
    }

    function mark(item, scrolls = true) {
        for (const other of palette.querySelectorAll('[role="option"]')) other.ariaSelected = String(other === item);
        if (!item) return input.removeAttribute("aria-activedescendant");
        input.setAttribute("aria-activedescendant", item.id);
        if (scrolls) item.scrollIntoView({ block: "nearest" });
    }

    function choose(item, event) {
        if (!item) return;
        if (item.dataset.presses) {
            palette.close();
            document.querySelector(item.dataset.presses)?.click();
        } else if (event.ctrlKey || event.metaKey) open(item.dataset.href, "_blank", "noopener");
        else location.assign(item.dataset.href);
    }

    function tell() {
        const count = shown().length;
        const { none, one, many } = told.dataset;
        told.textContent = count === 0 ? none : count === 1 ? one : many.replace("{n}", count);
    }

    function reset() {
        clearTimeout(waiting);
        asking?.abort();
        input.value = "";
        found.replaceChildren();
        told.textContent = "";
        narrow();
    }

    // For this tab and this organisation alone: gone with the tab, and nobody else's at the next sign-in.
    function remember() {
        const title = document.querySelector("main h1")?.textContent.trim();
        const here = location.pathname + location.search;
        if (!title || location.pathname === "/" || location.pathname === palette.dataset.asks) return;
        const others = places().filter((place) => place.href !== here && place.title !== title);
        sessionStorage.setItem(key(), JSON.stringify([{ href: here, title }, ...others].slice(0, MOST_RECENT + 1)));
    }

    function drawRecent() {
        const here = location.pathname + location.search;
        for (const [number, place] of places().filter((place) => place.href !== here).slice(0, MOST_RECENT).entries()) {
            const item = palette.querySelector("#palette-everything").cloneNode(true);
            item.id = `palette-recent-${number}`;
            item.dataset.href = place.href;
            item.querySelector(".palette-text").textContent = place.title;
            recent.append(item);
        }
    }

    function places() {
        return JSON.parse(sessionStorage.getItem(key()) ?? "[]");
    }

    function key() {
        return `recent-${palette.dataset.whose}`;
    }
}

function asBeginning(word) {
    return new RegExp(`(?<![\\p{L}\\p{N}_])${word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")}`, "iu");
}
