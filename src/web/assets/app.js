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

// Staff: that the queue has changed is said, and nothing moves under anybody's hands.
const news = document.querySelector('[data-hearth-live]')
if (news && 'EventSource' in window) {
  new EventSource(news.dataset.hearthLive).addEventListener('changed', () => { news.hidden = false })
}

// Staff: letters that do something, for those who switched them on (WCAG 2.1.4); never while somebody writes. Where it is told
// what was just done they work as long as the focus is there.
const KEYS = 'hearth-keys'
for (const box of document.querySelectorAll('[data-hearth-keys]')) {
  box.closest('[hidden]').hidden = false
  box.checked = localStorage.getItem(KEYS) === 'on'
  box.addEventListener('change', () => localStorage.setItem(KEYS, box.checked ? 'on' : 'off'))
}
const rows = [...document.querySelectorAll('[data-hearth-row]')]
function move (by) {
  const here = rows.findIndex(row => row.contains(document.activeElement))
  const to = rows[Math.min(Math.max(here + by, 0), rows.length - 1)]
  to?.querySelector('th a')?.focus()
}
// Unfolds what a letter is for, chooses it, and stays in the last of it.
function reach (ids) {
  const fields = ids.split(' ').map(id => document.getElementById(id)).filter(Boolean)
  for (const field of fields) {
    const folded = field.closest('details')
    if (folded) folded.open = true
    if (field.type === 'radio') field.click()
    field.focus()
  }
}
const WRITES = 'input:not([type=checkbox]):not([type=radio]):not([type=range]), select, textarea, [contenteditable]'
document.addEventListener('keydown', event => {
  if (event.repeat || event.isComposing) return
  // A text is sent from where it is written.
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest('.hearth-actions textarea')?.form
    if (!form) return
    event.preventDefault()
    return form.requestSubmit()
  }
  const told = event.target.closest('.govuk-notification-banner--success')
  if ((localStorage.getItem(KEYS) !== 'on' && !told) || event.ctrlKey || event.altKey || event.metaKey) return
  if (event.target.closest(WRITES)) return
  const key = CSS.escape(event.key)
  const pressed = document.querySelector(`[data-hearth-key="${key}"]`)
  const letter = document.querySelector(`[data-hearth-letter="${key}"]`)
  const row = document.activeElement?.closest('[data-hearth-row]')
  if (pressed) pressed.click()
  else if (letter) reach(letter.dataset.hearthTo)
  else if (event.key === 'j') move(1)
  else if (event.key === 'k') move(-1)
  else if (event.key === 'x') row?.querySelector('input[type=checkbox]')?.click()
  else if (event.key === '/') document.getElementById('q')?.focus()
  else if (event.key === 'g') location.assign('/staff/work')
  else if (event.key === '?') location.assign('/staff/me#keys')
  else return
  event.preventDefault()
})
