// Evaluated inside the browser, as one expression; see pages.test.ts for what is expected of it.
;(() => {
  const all = (selector) => [...document.querySelectorAll(selector)]
  const ids = all('[id]').map((element) => element.id)
  const references = [
    'aria-describedby',
    'aria-labelledby',
    'aria-controls',
    'for',
    'form',
  ].flatMap((attribute) =>
    all(`[${attribute}]`).flatMap((element) => element.getAttribute(attribute).split(/\s+/)),
  )
  const targets = all('a[href^="#"]').map((element) => element.getAttribute('href').slice(1))
  return {
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    headings: all('h1').length,
    mains: all('main').length,
    duplicateIds: ids.filter((id, index) => ids.indexOf(id) !== index),
    danglingIds: [...references, ...targets].filter((id) => !ids.includes(id)),
    controlsWithoutId: all('button, input:not([type=hidden]), select')
      .filter((element) => !element.id)
      .map((element) => element.outerHTML),
    foreignElements: all('script:not([nonce]), img[src="x"], a[href^="javascript"]').map(
      (element) => element.outerHTML,
    ),
    isHacked: 'hacked' in window,
  }
})()
