// A day by keyboard: n takes the next, Ctrl-Enter completes, Esc leaves a field, and the document is moved from anywhere.

import { show } from "./bench.js";
import { move } from "./viewer.js";

const ALONE = {
    n: () => press("[data-key-next]"),
    f: () => show("form"),
    1: () => show("procedure"),
    2: () => show("talk"),
    3: () => show("about"),
};
const DOCUMENT = { ".": "next", ",": "previous", "+": "larger", "-": "smaller", 0: "fit", r: "turn" };

document.addEventListener(
    "keydown",
    (event) => {
        if (event.isComposing || document.querySelector("dialog[open]")) return;
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.target.closest(".thread")) return done(event, press("[data-key-complete]"));
        if (event.key === "Escape" && event.target.matches(".work-form *")) return event.target.blur();
        if (event.key === "Enter" && !event.altKey && event.target.matches('.entry-field input:not([type="checkbox"])')) return done(event, following(event.target, event.shiftKey));
        if (event.ctrlKey || event.metaKey) return;
        const typing = isTyping(event.target);
        if (DOCUMENT[event.key] && (event.altKey || !typing)) return done(event, move(DOCUMENT[event.key]));
        if (!typing && !event.altKey && ALONE[event.key]) done(event, ALONE[event.key]());
    },
    { capture: true },
);

function done(event, did) {
    if (!did) return;
    event.preventDefault();
    event.stopPropagation();
}

function press(selector) {
    const button = document.querySelector(selector);
    if (!button?.checkVisibility()) return false;
    button.click();
    return true;
}

// Enter goes to the next field: a form is completed on purpose only.
function following(field, back) {
    const fields = [...field.form.querySelectorAll(".entry :is(input, select, textarea)")];
    const next = fields[fields.indexOf(field) + (back ? -1 : 1)] ?? field.form.querySelector("[data-key-complete]");
    next.focus();
    next.select?.();
    return true;
}

function isTyping(target) {
    return target.isContentEditable || target.matches?.("textarea, select, input:not([type='checkbox'], [type='radio'], [type='range'])");
}
