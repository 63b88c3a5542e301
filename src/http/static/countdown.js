// Counts down to the second. Without this script the page says days and hours.
const shown = document.getElementById('countdown')
// The server's clock counts: that of the reader may be wrong.
const endsAt = Date.now() + Number(shown.dataset.secondsLeft) * 1000

// The clock is read each time: a sleeping computer does not run timers.
const timer = setInterval(update, 1000)
update()

function update() {
  const seconds = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000))
  if (seconds > 0) {
    shown.textContent = inWords(seconds)
    return
  }
  clearInterval(timer)
  shown.textContent = 'none. Load this page again: the court has changed.'
}

function inWords(seconds) {
  const parts = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ]
  // From the first that is not nought on, all of them, so that the text does not jump.
  const first = parts.findIndex(([amount]) => amount > 0)
  return parts
    .slice(first)
    .map(([amount, unit]) => `${amount} ${unit}${amount === 1 ? '' : 's'}`)
    .join(', ')
}
