// The pages work without this. With it: focus goes to the error summary, a button is not pressed twice by accident, and
// questions that only some answers call for are shown when they do.
import { initAll } from './govuk-frontend.js'

document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')
initAll()
for (const button of document.querySelectorAll('[data-hearth-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
