// Warns before the session ends. Without this script the page says the same in words.
const dialog = document.getElementById('session-warning')
const heading = document.getElementById('session-warning-heading')
const text = document.getElementById('session-warning-text')
const stay = document.getElementById('session-stay')
const shown = document.getElementById('session-warning-time')
const spoken = document.getElementById('session-warning-spoken')
const warningSeconds = Number(dialog.dataset.warningSeconds)
let endsAt = endOf(dialog)
let isDismissed = false

// Whoever closes it has seen it. After the session was made longer the next warning is another one.
dialog.addEventListener('close', () => {
  isDismissed = secondsLeft() <= warningSeconds
})

// What stands in a form would be gone with the page: the session goes on behind it, and who has to sign in
// again does so in another tab. A page without fields can just be left.
const hasFields =
  document.querySelector('main form :is(input:not([type="hidden"]), select, textarea)') !== null
let isSignInDue = dialog.dataset.isEndNear === 'true'
if (isSignInDue) sayWhere()

stay.addEventListener('click', (event) => {
  if (!isSignInDue) {
    event.preventDefault()
    goOn()
  } else if (hasFields) {
    // Whoever comes back finds the form, and how long the session goes on now is not known here.
    clearInterval(timer)
    dialog.close()
  }
})

// The clock is read each time: a sleeping computer does not run timers.
const timer = setInterval(update, 1000)
update()

function update() {
  const seconds = secondsLeft()
  if (seconds > warningSeconds) return
  if (seconds <= 0) return showEnd()
  shown.textContent = inWords(seconds)
  // A screen reader hears every half minute, not every second.
  if (seconds % 30 === 0) spoken.textContent = inWords(seconds)
  if (!dialog.open && !isDismissed) dialog.showModal()
}

// The page that the link names says how long the session goes on now. Who is not signed in any more is led
// on from it.
async function goOn() {
  const answer = await fetch(stay.href, { redirect: 'manual' }).catch(() => undefined)
  if (answer?.type === 'opaqueredirect' || answer?.status === 403) return showEnd()
  const page = new DOMParser().parseFromString(answer?.ok ? await answer.text() : '', 'text/html')
  const renewed = page.getElementById('session-warning')
  if (renewed === null) {
    text.textContent = 'That did not work. Check your connection to the internet, and try again.'
    spoken.textContent = text.textContent
    return
  }
  endsAt = endOf(renewed)
  if (renewed.dataset.isEndNear === 'true') {
    isSignInDue = true
    stay.href = page.getElementById('session-stay').getAttribute('href')
    text.textContent = page.getElementById('session-warning-text').textContent
    sayWhere()
  }
  dialog.close()
}

function showEnd() {
  clearInterval(timer)
  isSignInDue = true
  if (!hasFields) stay.href = '?'
  sayWhere()
  heading.textContent = 'You have been signed out'
  text.textContent = hasFields
    ? 'Your sign-in has ended. What you typed is still here: sign in again, come back to this tab, and send it.'
    : 'Your sign-in has ended. Sign in again to go on working.'
  document.getElementById('session-sign-out').hidden = true
  shown.textContent = ''
  spoken.textContent = 'You have been signed out.'
  if (!dialog.open) dialog.showModal()
}

function sayWhere() {
  stay.target = hasFields ? '_blank' : ''
  stay.textContent = hasFields ? 'Sign in again (opens in a new tab)' : 'Sign in again'
}

function secondsLeft() {
  return Math.ceil((endsAt - Date.now()) / 1000)
}

function endOf({ dataset }) {
  return Date.now() + Number(dataset.endsInSeconds) * 1000
}

function inWords(seconds) {
  const minutes = Math.floor(seconds / 60)
  const rest = seconds % 60
  const parts = []
  if (minutes > 0) parts.push(`${minutes} minute${minutes === 1 ? '' : 's'}`)
  if (rest > 0) parts.push(`${rest} second${rest === 1 ? '' : 's'}`)
  return `${parts.join(' ')} left`
}
