// Values of a long table are looked up while one types: the list of the input holds those that fit.

const PAUSE = 200;
let due = 0;
let asked = null;

document.addEventListener("input", (event) => {
    const list = event.target.list;
    if (!list?.dataset.search || event.inputType === undefined || event.inputType === "insertReplacementText") return;
    clearTimeout(due);
    due = setTimeout(() => look(list, event.target.value.trim()), PAUSE);
});

async function look(list, text) {
    asked?.abort();
    if (!text) return list.replaceChildren();
    asked = new AbortController();
    const address = new URL(list.dataset.search, location.href);
    address.searchParams.set("q", text);
    const answer = await fetch(address, { signal: asked.signal, redirect: "error" }).catch(() => null);
    if (!answer?.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    list.replaceChildren(...found.querySelectorAll("option"));
}
