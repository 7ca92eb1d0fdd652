// What changed on the page is said to those who do not see it; what failed on the way is said to everyone.

const SHOWN_FOR = 6000;

document.addEventListener("htmx:afterSwap", (event) => {
    const told = event.detail.elt?.closest?.("[data-announce]") ?? event.detail.target?.querySelector?.("[data-announce]");
    if (told) document.getElementById("announcer").textContent = told.dataset.announce;
});

// An answer from another address is the sign-in page, after the session has ended.
document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, pathInfo } = event.detail;
    const asked = new URL(pathInfo.finalRequestPath || pathInfo.requestPath, location.href);
    if (!xhr.responseURL || new URL(xhr.responseURL).pathname === asked.pathname) return;
    event.preventDefault();
    location.reload();
});

document.addEventListener("htmx:sendError", () => toast("unreachable"));

document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401 || status === 403) toast("refused");
    else if (status === 404) toast("gone");
    else toast("failed");
});

function toast(what) {
    const place = document.getElementById("toasts");
    const note = document.createElement("p");
    note.className = "toast";
    note.textContent = place.dataset[what];
    place.append(note);
    setTimeout(() => note.remove(), SHOWN_FOR);
}
