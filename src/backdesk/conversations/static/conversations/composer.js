// Ctrl-Enter sends; an @ and the beginning of a name offers the people one may address. Without it one types the name.

const NAMED = /(^|[\s(])@([\p{L}\p{M}'’.\- ]{0,40})$/u;
let asking = 0;

document.addEventListener("keydown", (event) => {
    const text = textOf(event.target);
    if (!text) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        text.form.requestSubmit();
    } else if (!listOf(text).hidden) choose(event, text);
});

document.addEventListener("input", (event) => {
    const text = textOf(event.target);
    if (text) offer(text);
});

document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest?.(".addressed [role=option]");
    if (!option) return;
    event.preventDefault(); // the caret stays in the text
    take(option, option.closest("form").querySelector("textarea"));
});

document.addEventListener("focusout", (event) => {
    const text = textOf(event.target);
    if (text) close(text);
});

function textOf(element) {
    return element?.matches?.('[data-controller~="composer"] textarea') ? element : null;
}

function listOf(text) {
    return text.form.querySelector(".addressed");
}

async function offer(text) {
    const typed = NAMED.exec(text.value.slice(0, text.selectionStart));
    const turn = ++asking;
    if (!typed) return close(text);
    const asked = new URL(text.form.dataset.people, location.href);
    asked.searchParams.set("typed", typed[2].trimStart());
    asked.searchParams.set("audience", new FormData(text.form).get("audience") ?? "");
    const answer = await fetch(asked, { redirect: "manual" }).catch(() => null);
    if (!answer?.ok || turn !== asking) return;
    const list = listOf(text);
    list.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.children);
    list.hidden = list.children.length === 0;
    if (!list.hidden) select(list.firstElementChild, text);
}

function choose(event, text) {
    const options = [...listOf(text).children];
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select(options[(at + step + options.length) % options.length], text);
    else if (event.key === "Enter" || event.key === "Tab") take(options[at], text);
    else if (event.key === "Escape") close(text);
    else return;
    event.preventDefault();
}

function select(option, text) {
    for (const other of option.parentElement.children) other.setAttribute("aria-selected", String(other === option));
    text.setAttribute("aria-activedescendant", option.id);
}

function take(option, text) {
    const start = text.value.slice(0, text.selectionStart).lastIndexOf("@");
    text.setRangeText(`@${option.dataset.name} `, start, text.selectionStart, "end");
    close(text);
}

function close(text) {
    asking += 1;
    listOf(text).hidden = true;
    text.removeAttribute("aria-activedescendant");
}
