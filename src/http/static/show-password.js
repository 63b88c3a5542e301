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
