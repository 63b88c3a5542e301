// Warns before the session ends. Without this script the page says the same in words.
const dialog = document.getElementById('session-warning')
const endsAt = Date.now() + Number(dialog.dataset.endsInSeconds) * 1000
const warningSeconds = Number(dialog.dataset.warningSeconds)
const shown = document.getElementById('session-warning-time')
const spoken = document.getElementById('session-warning-spoken')
let isDismissed = false

dialog.addEventListener('close', () => {
  isDismissed = true
})

// The clock is read each time: a sleeping computer does not run timers.
const timer = setInterval(update, 1000)
update()

function update() {
  const secondsLeft = Math.ceil((endsAt - Date.now()) / 1000)
  if (secondsLeft > warningSeconds) return
  if (secondsLeft <= 0) return showEnd()
  shown.textContent = inWords(secondsLeft)
  // A screen reader hears every half minute, not every second.
  if (secondsLeft % 30 === 0) spoken.textContent = inWords(secondsLeft)
  if (!dialog.open && !isDismissed) dialog.showModal()
}

function showEnd() {
  clearInterval(timer)
  document.getElementById('session-warning-heading').textContent = 'You have been signed out'
  document.getElementById('session-warning-text').textContent =
    'Your sign-in has ended. Sign in again to go on working.'
  document.getElementById('session-stay').textContent = 'Sign in again'
  document.getElementById('session-sign-out').hidden = true
  shown.textContent = ''
  spoken.textContent = 'You have been signed out.'
  if (!dialog.open) dialog.showModal()
}

function inWords(seconds) {
  const minutes = Math.floor(seconds / 60)
  const rest = seconds % 60
  const parts = []
  if (minutes > 0) parts.push(`${minutes} minute${minutes === 1 ? '' : 's'}`)
  if (rest > 0) parts.push(`${rest} second${rest === 1 ? '' : 's'}`)
  return `${parts.join(' ')} left`
}
