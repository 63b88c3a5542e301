/** What a page is to look like, as expressions that are evaluated inside the browser: each lists what does not. */

// The official banner has the size that every website of the government gives it.
const texts = `[...document.querySelectorAll('body *')].filter((element) =>
  !element.closest('.usa-banner') && element.checkVisibility() &&
  [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))`

/** Texts to read that are smaller than 16 pixels. */
export const smallTexts = `${texts}.filter((element) => parseFloat(getComputedStyle(element).fontSize) < 16)
  .map((element) => element.outerHTML)`

/** Telephone numbers that are no link, or break. */
export const brokenNumbers = `${texts}.filter((element) => {
  const own = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent).join('')
  if (!/\\(\\d{3}\\)\\s*\\d{3}-\\d{4}/.test(own)) return false
  const link = element.closest('a[href^="tel:"]')
  return !link || link.getClientRects().length !== 1
}).map((element) => element.outerHTML)`

/** On paper: texts that are not black, and what can only be clicked. */
export const unfitForPaper = `[
  ...${texts}.filter((element) => getComputedStyle(element).color !== 'rgb(0, 0, 0)'),
  ...[...document.querySelectorAll('button, .usa-button, .usa-banner')].filter((element) => element.checkVisibility()),
].map((element) => element.outerHTML)`
