// Light, dark or as the system has it, without fetching the page again. The cookie is what the server reads next time.

const A_YEAR = 365 * 24 * 60 * 60;

document.addEventListener("submit", (event) => {
    const form = event.target.closest('[data-controller~="theme"]');
    if (!form || !event.submitter) return;
    event.preventDefault();
    choose(event.submitter.value);
    for (const button of form.querySelectorAll("button")) {
        button.setAttribute("aria-pressed", String(button === event.submitter));
    }
});

function choose(theme) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=${theme ? A_YEAR : 0}; SameSite=Lax${secure}`;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    document.querySelector('meta[name="color-scheme"]')?.setAttribute("content", theme || "light dark");
}
