// How long somebody really works on the item: seconds in which the page is seen and something was done within the last
// minute. Told every half minute, which keeps the item in their hands; who does nothing gives it back in time.

const TELL_EVERY = 30;
const IDLE_AFTER = 60_000;
const WARN_BEFORE = 120_000;
const form = document.querySelector('[data-controller~="draft"]');

if (form) {
    let active = Date.now();
    let seconds = 0;
    let lease = Date.parse(form.dataset.lease);
    let since = 0;
    let isTelling = false;
    const notice = document.querySelector("[data-status]");

    for (const sign of ["pointermove", "pointerdown", "keydown", "wheel", "touchstart", "scroll"]) {
        document.addEventListener(sign, () => (active = Date.now()), { passive: true, capture: true });
    }
    form.addEventListener("submit", () => (form.querySelector("[data-touch]").value = String(seconds)));

    const beat = setInterval(() => {
        if ("isLost" in form.dataset) return clearInterval(beat);
        const works = !document.hidden && Date.now() - active < IDLE_AFTER;
        since += 1;
        if (works) seconds += 1;
        const isLate = lease - Date.now() < WARN_BEFORE;
        if (isLate && !works && Date.now() < lease) notice.textContent = form.dataset.ending;
        const isOver = Date.now() >= lease && since >= 5;
        if (isTelling || !((works && (since >= TELL_EVERY || (isLate && since >= 5))) || isOver)) return;
        since = 0;
        tell(works);
    }, 1000);

    // After the lease is over the question is only whether the item is still here: that is asked, not prolonged.
    async function tell(works) {
        isTelling = true;
        const told = works ? seconds : 0;
        const body = new URLSearchParams(new FormData(form));
        body.set("_touch", String(told));
        if (!works) body.set("_look", "1");
        const answer = await fetch(form.dataset.heartbeat, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, redirect: "manual" }).catch(() => null);
        isTelling = false;
        if (answer?.ok) {
            seconds -= told;
            lease = Date.parse((await answer.json()).lease_until);
        } else if (answer?.status === 409) {
            document.dispatchEvent(new CustomEvent("work:lost", { detail: (await answer.json()).says }));
        }
    }
}
