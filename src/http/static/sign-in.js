// Lets people check what they typed. Without this script the button stays hidden.
const password = document.getElementById('password')
const button = document.getElementById('show-password')
button.hidden = false

function show(isShown) {
  password.type = isShown ? 'text' : 'password'
  button.textContent = isShown ? 'Hide password' : 'Show password'
}

button.addEventListener('click', () => show(password.type === 'password'))
// Browsers remember what was typed into text fields.
password.form.addEventListener('submit', () => show(false))

// Several courts may have opened a page to sign in, each in a tab of its own. Once the person is signed
// in in one of them, the others go on by themselves, unless something is being typed.
const form = password.form
const waitsAt = form.dataset.waitsAt
const secondsBetween = 10
let isAsking = false

async function goOnWhenSignedIn() {
  if (isAsking || document.visibilityState !== 'visible' || password.value !== '') return
  isAsking = true
  try {
    const answer = await fetch('/signed-in', { headers: { Accept: 'application/json' } })
    if (answer.ok && (await answer.json()).isSignedIn && password.value === '') {
      location.replace(waitsAt)
      return
    }
  } catch {
    // The next time will do.
  }
  isAsking = false
}

if (waitsAt) {
  document.addEventListener('visibilitychange', goOnWhenSignedIn)
  window.addEventListener('focus', goOnWhenSignedIn)
  setInterval(goOnWhenSignedIn, secondsBetween * 1000)
}
