// A slider and the number it stands for move together; htmx on the form sends them as they change.

document.addEventListener("input", (event) => {
    const pair = event.target.closest('[data-controller~="pair"]');
    if (!pair) return;
    for (const input of pair.querySelectorAll("input")) {
        if (input !== event.target && event.target.value !== "") input.value = event.target.value;
    }
});
