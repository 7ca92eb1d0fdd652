// What is typed is kept as one types: by the server, and in this browser while there is no line. What the server has to
// say comes back to its fields; of the field one is in, once one leaves it.

import { add } from "./grid.js";

const PAUSE = 700;
const RETRY = 5000;
const KEPT_DAYS = 2;
const OWN = new Set(["csrfmiddlewaretoken", "_claim", "_touch", "_confirmed"]); // of the page, nothing one types
const form = document.querySelector('[data-controller~="draft"]');
const status = document.querySelector("[data-status]");
let due = 0;
let isDirty = false;
let isSaving = false;
let isSent = false;
let sending = null;
let isLost = false;
let later = null;

forget();
if (form) {
    restore();
    form.addEventListener("input", () => changed(PAUSE));
    form.addEventListener("change", (event) => (event.target.matches("[data-upload]") ? upload(event.target) : changed(0)));
    form.addEventListener("focusout", () => later && setTimeout(() => later && say(later)));
    form.addEventListener("submit", sent);
    addEventListener("online", () => isDirty && save());
    addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", () => document.hidden && leave());
    form.querySelector("[data-copy]").addEventListener("click", copy);
    document.addEventListener("work:lost", (event) => lose(event.detail));
}

function changed(wait) {
    if (isLost) return;
    isDirty = true;
    isSent = false;
    clearTimeout(due);
    due = setTimeout(save, wait);
}

// With the form all of it is on its way: a draft after it would be a late word on a step that is done.
function sent() {
    remember({ isSent: true });
    clearTimeout(due);
    isSent = true;
    sending?.abort();
}

// What has not reached the server yet may not reach it any more: it is there when the page is opened again.
function leave() {
    if (isSent || (!isDirty && !isSaving)) return;
    remember();
    save({ keepalive: true });
}

async function save({ keepalive = false } = {}) {
    clearTimeout(due);
    if (isSaving || isLost) return;
    isSaving = true;
    isDirty = false;
    sending = new AbortController();
    const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: new URLSearchParams(texts()),
        headers: { "X-Requested-With": "fetch" },
        redirect: "manual",
        keepalive,
        signal: sending.signal,
    }).catch(() => null);
    isSaving = false;
    if (isSent) return;
    if (answer?.ok) return kept(await answer.text());
    if (answer?.status === 409) return lose((await answer.json()).says);
    remember();
    isDirty = true;
    tell(status.dataset.offline, "is-offline");
    due = setTimeout(save, RETRY);
}

function kept(html) {
    const said = new DOMParser().parseFromString(html, "text/html").querySelector("[data-saved]");
    if (!isDirty) localStorage.removeItem(key());
    tell(said.querySelector("[data-saved-words]").textContent.trim());
    say(said);
    if (isDirty) due = setTimeout(save, PAUSE);
}

function say(said) {
    const here = document.activeElement?.closest?.(".entry-field, tbody");
    const slots = new Map([...said.querySelectorAll("[data-slot]")].map((slot) => [slot.dataset.slot, slot.innerHTML]));
    const invalid = new Set(said.dataset.invalid.split(" "));
    let waits = false;
    for (const place of form.querySelectorAll(".entry-says, [data-row-says]")) {
        const next = slots.get(place.id) ?? "";
        if (place.innerHTML === next) continue;
        // Nobody is corrected in the middle of a word; that something is right now may be seen at once.
        if (next && here?.contains(place)) waits = true;
        else place.innerHTML = next;
    }
    for (const input of form.querySelectorAll(".entry :is(input, select, textarea)[id]")) {
        if (invalid.has(input.id) && !(input === document.activeElement)) input.setAttribute("aria-invalid", "true");
        else if (!invalid.has(input.id)) input.removeAttribute("aria-invalid");
        input.closest(".entry-field")?.classList.toggle("has-error", input.hasAttribute("aria-invalid"));
    }
    for (const note of said.querySelectorAll("[data-noted]")) {
        const place = form.querySelector(`[data-note="${note.dataset.noted}"]`);
        if (place && place.textContent !== note.textContent) place.textContent = note.textContent;
    }
    confirmation(Number(said.dataset.warnings), waits);
    later = waits ? said : null;
}

function confirmation(warnings) {
    const box = form.querySelector("[data-confirm]");
    if (box.hidden === !warnings) return;
    box.hidden = !warnings;
    box.querySelector("input").checked = false;
}

// Somebody else has it, or it went back: nothing more is sent, and everything typed stays to be copied.
function lose(says) {
    if (isLost) return;
    isLost = true;
    clearTimeout(due);
    const told = form.querySelector("[data-lost]");
    told.querySelector("[data-lost-says]").textContent = says;
    told.hidden = false;
    told.setAttribute("role", "alert");
    for (const button of form.querySelectorAll(".work-foot button")) button.disabled = true;
    document.querySelector(".bench-next").hidden = false;
    form.dataset.isLost = "";
    localStorage.removeItem(key());
    tell("");
}

async function copy(event) {
    const lines = [...form.querySelectorAll(".entry :is(input, select, textarea)[id]")]
        .filter((input) => (input.type === "checkbox" ? input.checked : input.value))
        .map((input) => `${label(input)}\t${input.matches("select") ? input.selectedOptions[0].textContent : input.value}`);
    await navigator.clipboard.writeText(lines.join("\n"));
    event.target.textContent = event.target.dataset.copied;
}

function label(input) {
    return input.getAttribute("aria-label") ?? input.labels[0]?.firstChild.textContent.trim() ?? input.name;
}

function tell(text, kind = "") {
    if (status.textContent.trim() !== text) status.textContent = text;
    status.className = `bench-saved soft ${kind}`;
}

function key() {
    return `backdesk-draft-${form.dataset.step}-${form.dataset.claim}`;
}

// A chosen file goes up at once, with the draft: it is a document of the item then.
function upload(input) {
    if (!isLost && input.files.length) form.requestSubmit(input.nextElementSibling);
}

function texts() {
    return [...new FormData(form)].filter(([, value]) => typeof value === "string");
}

function remember({ isSent = false } = {}) {
    if (isLost) return;
    const fields = texts().filter(([name]) => !OWN.has(name));
    localStorage.setItem(key(), JSON.stringify({ at: Date.now(), isSent, fields }));
}

// What never reached the server, from before this page was loaded again.
function restore() {
    const found = JSON.parse(localStorage.getItem(key()));
    if (!found || form.querySelector(".error-summary")) return;
    if (found.at < Date.parse(form.dataset.savedAt)) return localStorage.removeItem(key());
    for (const [name, value] of found.fields) put(name, value);
    tell(form.dataset.restored);
    changed(0);
}

function put(name, value) {
    const input = form.elements[name] ?? addedRow(name);
    if (!input) return;
    if (input.type === "checkbox") input.checked = true;
    else input.value = value;
}

// A line that came by typing is not on the page the server sent: it comes by typing again.
function addedRow(name) {
    const [, table, row] = name.match(/^(.+)-(\d+)-/) ?? [];
    const grid = table && form.querySelector(`[data-grid="${table}"]`);
    const last = grid?.querySelector("tbody:last-of-type");
    if (!last || Number(last.dataset.row) !== Number(row) - 1) return null;
    add(grid, { quietly: true });
    return form.elements[name];
}

// Of other steps: what was sent has arrived, and what nobody came back for in two days goes.
function forget() {
    for (const name of Object.keys(localStorage)) {
        if (!name.startsWith("backdesk-draft-") || (form && name === key())) continue;
        const { at, isSent } = JSON.parse(localStorage.getItem(name));
        if (isSent || Date.now() - at > KEPT_DAYS * 86_400_000) localStorage.removeItem(name);
    }
}
