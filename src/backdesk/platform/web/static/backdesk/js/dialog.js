// <button data-opens="id">, or a link, opens the dialog of that id, <button data-closes> closes the one it is in.

document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const opened = opener && document.getElementById(opener.dataset.opens);
    if (opened && !opened.open && !event.ctrlKey && !event.metaKey) {
        event.preventDefault(); // of a link, which is there for where no script runs
        opened.showModal();
    }
    if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
    if (event.target.matches?.("dialog[open]") && isOutside(event)) event.target.close();
});

function isOutside(event) {
    const box = event.target.getBoundingClientRect();
    return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

// The summary of what is wrong with a form takes the focus, so that it is the first thing read.
document.querySelector('[data-controller~="error-summary"]')?.focus();
