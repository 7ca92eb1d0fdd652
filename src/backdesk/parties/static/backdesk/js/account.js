/* A passkey is made or used by the browser; its answer goes into the form, which is then sent like any other. */

for (const form of document.querySelectorAll('form[data-controller~="passkey"]')) {
    form.querySelector("[data-passkey]").addEventListener("click", () => answer(form))
}

for (const button of document.querySelectorAll("[data-prints]")) {
    button.addEventListener("click", () => window.print())
}

async function answer(form) {
    if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) return say(form, "unsupported")
    try {
        const credential = await ask(form.dataset.asks, await optionsOf(form))
        form.elements.credential.value = JSON.stringify(credential)
    } catch {
        return say(form, "failed")
    }
    form.requestSubmit()
}

function ask(what, options) {
    return what === "create"
        ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
}

async function optionsOf(form) {
    if (form.dataset.options) return JSON.parse(form.dataset.options)
    const response = await fetch(form.dataset.optionsFrom, { headers: { "X-Requested-With": "XMLHttpRequest" } })
    if (!response.ok) throw new Error(`no options: ${response.status}`)
    return (await response.json()).request_options.publicKey
}

function say(form, what) {
    const said = form.querySelector("[data-said]")
    said.hidden = false
    for (const words of said.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== what
}
