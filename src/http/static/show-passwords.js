// Lets people check what they typed, field by field. Without this script the buttons stay hidden.
for (const button of document.querySelectorAll('button[data-shows]')) {
  const field = document.getElementById(button.dataset.shows)
  const [word] = button.childNodes
  const show = (isShown) => {
    field.type = isShown ? 'text' : 'password'
    word.textContent = isShown ? 'Hide' : 'Show'
  }
  button.hidden = false
  button.addEventListener('click', () => show(field.type === 'password'))
  // Browsers remember what was typed into text fields.
  field.form.addEventListener('submit', () => show(false))
}
