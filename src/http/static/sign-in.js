// Lets people check what they typed. Without this script the button stays hidden.
const username = document.getElementById('username')
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
// in in one of them, the others go on by themselves. Where something was typed the page stays, and says
// that it is needed no more: who typed it may be somebody else.
const { waitsAt, asksAt } = password.form.dataset
const secondsBetween = 10
let isAsking = false
let isLeaving = false

// What the browser filled in by itself is lost to nobody.
const knowsAutofill = CSS.supports('selector(:autofill)')
const isTyped = (field) =>
  field.value !== field.defaultValue && !(knowsAutofill && field.matches(':autofill'))

async function goOnWhenSignedIn() {
  if (isAsking || isLeaving || document.visibilityState !== 'visible') return
  isAsking = true
  try {
    const answer = await fetch(asksAt, { headers: { Accept: 'application/json' } })
    const isSignedIn = answer.ok && (await answer.json()).isSignedIn
    const isHeld = isTyped(username) || isTyped(password)
    document.getElementById('signed-in-meanwhile').hidden = !(isSignedIn && isHeld)
    if (isSignedIn && !isHeld && !isLeaving) {
      isLeaving = true
      location.replace(waitsAt)
    }
  } catch {
    // The next time will do.
  }
  isAsking = false
}

if (waitsAt) {
  // What was sent is on its way, and nothing overtakes it.
  document.addEventListener('submit', () => {
    isLeaving = true
  })
  // Back leads here, as the page was left.
  window.addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    isLeaving = false
    goOnWhenSignedIn()
  })
  document.addEventListener('visibilitychange', goOnWhenSignedIn)
  window.addEventListener('focus', goOnWhenSignedIn)
  setInterval(goOnWhenSignedIn, secondsBetween * 1000)
}
