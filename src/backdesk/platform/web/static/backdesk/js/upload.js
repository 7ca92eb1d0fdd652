// An upload with progress. Without this the form is sent as any other.

document.addEventListener("submit", (event) => {
    const form = event.target.closest('[data-controller~="upload"]');
    const input = form?.querySelector('input[type="file"]');
    if (!input?.files.length) return;
    event.preventDefault();
    if (isWithinLimit(form, input.files[0])) send(form, input.files[0]);
});

for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
        const drop = event.target.closest?.("[data-drop]");
        if (!drop) return;
        event.preventDefault();
        drop.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
        if (kind === "drop") take(drop, event.dataTransfer.files);
    });
}

document.addEventListener("change", (event) => {
    const form = event.target.matches('input[type="file"]') && event.target.closest('[data-controller~="upload"]');
    if (form && event.target.files.length) isWithinLimit(form, event.target.files[0]);
});

function take(drop, files) {
    const input = drop.querySelector('input[type="file"]');
    if (!input || !files.length) return;
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

function isWithinLimit(form, file) {
    const { limit, limitText } = form.querySelector("[data-drop]").dataset;
    const fits = !limit || file.size <= Number(limit);
    const values = { name: file.name, size: megabytes(file.size), limit: limitText };
    tell(form, fits ? "" : say(form, "tooLarge", values));
    return fits;
}

function send(form, file) {
    const request = new XMLHttpRequest();
    const view = begin(form, file, () => request.abort());
    let isSent = false;
    request.upload.addEventListener("progress", (event) => view.moved(event.loaded, event.total));
    request.upload.addEventListener("load", () => {
        isSent = true;
        view.sent();
    });
    request.addEventListener("load", () => answered(form, request, view));
    request.addEventListener("abort", () => view.stopped(say(form, "cancelled")));
    request.addEventListener("error", () => view.stopped(say(form, isSent ? "unsure" : "broke")));
    const data = new FormData(form);
    request.open("POST", form.action || location.href);
    request.setRequestHeader("Accept", "text/html");
    request.setRequestHeader("X-Unseen", "yes"); // the next page comes here, and then once more to be read
    request.send(data);
    addEventListener("beforeunload", warn);
}

function warn(event) {
    event.preventDefault();
}

function answered(form, request, view) {
    removeEventListener("beforeunload", warn);
    // Taken: what the next page says of the file is for it to say. That may be this page again.
    const wasSentOn = new URL(request.responseURL).pathname !== new URL(form.action || location.href).pathname;
    if (wasSentOn || request.status < 400) return location.assign(request.responseURL);
    if (request.status >= 500) return view.stopped(say(form, "unsure"));
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const listed = page.querySelectorAll(".error-summary li");
    const problems = listed.length ? listed : page.querySelectorAll(".field-error p");
    const said = [...problems].map((problem) => problem.textContent.trim()).filter(Boolean);
    const words = [...(page.querySelector("h1 + div.prose")?.children ?? [])].map((part) => part.textContent.trim());
    view.stopped([...new Set(said.length ? said : words)].join(" ") || say(form, "refused"));
}

function begin(form, file, cancel) {
    const state = form.querySelector("[data-upload-state]");
    const bar = state.querySelector("progress");
    const amount = state.querySelector("[data-amount]");
    const phase = state.querySelector("[data-phase]");
    const submits = [...form.querySelectorAll('button[type="submit"]')];
    tell(form, "");
    state.hidden = false;
    phase.textContent = say(form, "uploading");
    submits.forEach((button) => (button.disabled = true));
    state.querySelector("[data-cancel]").onclick = cancel;
    return {
        moved(sent, total) {
            bar.value = sent / total;
            amount.textContent = say(form, "part", { sent: megabytes(sent), total: megabytes(total) });
        },
        sent() {
            phase.textContent = say(form, "received");
            bar.removeAttribute("value");
        },
        stopped(problem) {
            removeEventListener("beforeunload", warn);
            state.hidden = true;
            bar.value = 0;
            submits.forEach((button) => (button.disabled = false));
            tell(form, problem);
        },
    };
}

// The words stand on the page, in the reader's language.
function say(form, what, values = {}) {
    const words = form.querySelector("[data-upload-state]").dataset[what];
    return words.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

function tell(form, problem) {
    const place = form.querySelector("[data-upload-problem]");
    place.replaceChildren();
    if (!problem) return;
    const text = document.createElement("p");
    text.className = "field-error";
    text.textContent = problem;
    place.append(text);
}

function megabytes(bytes) {
    const digits = bytes < 10_000_000 ? 1 : 0;
    return `${(bytes / 1_000_000).toLocaleString(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits })}\u202fMB`;
}
