// The bell looks for news while somebody is at the page; on their own page the notifications are worked by keyboard.

const PAUSE = 60_000;
const SOMEBODY_IS_THERE = 10 * PAUSE; // after that a page left open no longer keeps a session alive
let last = Date.now();
let seen = Date.now();

for (const sign of ["pointerdown", "keydown", "scroll"]) {
    document.addEventListener(sign, () => (seen = Date.now()), { passive: true, capture: true });
}

const due = setInterval(look, PAUSE);
document.addEventListener("visibilitychange", look);

async function look() {
    const bell = document.getElementById("bell");
    if (!bell || document.hidden || Date.now() - last < PAUSE / 2 || Date.now() - seen > SOMEBODY_IS_THERE) return;
    last = Date.now();
    // Not through htmx: whoever was signed out, or has no line, is told when they act, not while they type.
    const answer = await fetch(bell.dataset.bell, { redirect: "manual" }).catch(() => null);
    if (answer?.ok) ring(bell, await answer.text());
    else if (answer) clearInterval(due);
}

function ring(bell, html) {
    const next = new DOMParser().parseFromString(html, "text/html").getElementById("bell");
    if (!next || next.dataset.unread === bell.dataset.unread) return;
    if (Number(next.dataset.unread) > Number(bell.dataset.unread)) {
        document.getElementById("announcer").textContent = next.dataset.news;
    }
    bell.replaceWith(next);
}

// e marks the notification one is on as read, and goes on to the next.
document.addEventListener("keydown", (event) => {
    if (event.key !== "e" || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = document.activeElement?.closest?.(".told");
    const button = row?.querySelector("[data-mark-read]");
    if (!button) return;
    event.preventDefault();
    at = [...document.querySelectorAll(".told")].indexOf(row);
    button.click();
});

let at = -1;
document.addEventListener("click", (event) => {
    const row = event.target.closest?.("[data-mark-read]")?.closest(".told");
    if (row) at = [...document.querySelectorAll(".told")].indexOf(row);
});

document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "inbox" || at < 0) return;
    const rows = [...document.querySelectorAll(".told .told-title")];
    (rows[Math.min(at, rows.length - 1)] ?? document.getElementById("main"))?.focus();
    at = -1;
});
