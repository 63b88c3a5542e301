import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { type DrivenPage, patiently } from './browsers/driven-browser.ts'

// WCAG 2.2 up to level AA (Section 508 asks for 2.0 AA), and what axe thinks good beyond it.
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Fails naming each rule that the page breaks, where and how. */
export async function expectNoAxeViolations(page: Page): Promise<void> {
  await examine('document', page.url(), (expression) => page.evaluate(expression))
}

/**
 * The same for one page after the other of one kind of shell, in a window where axe is loaded once: each page,
 * as its scripts have left it, is copied into that window, which has the width to look at. What stands around
 * `main` is examined where it is new; a page that differs in `main` alone is examined there.
 *
 * @param window Is taken over by this.
 */
export function expectNoNewAxeViolations(window: Page): (page: Page) => Promise<void> {
  const known = new Set<string>()
  let isPrepared = false
  return async (page) => {
    if (!isPrepared) {
      await window.goto(page.url(), { waitUntil: 'load' })
      await window.evaluate(loadAxe)
      isPrepared = true
    }
    const { html, around, isWhole } = await page.evaluate<Copy>(copyPage)
    const part = known.has(around) ? '"main"' : 'document'
    known.add(around)
    const isShown =
      isWhole && (await window.evaluate<boolean>(`(${showCopy})(${JSON.stringify(html)})`))
    if (isShown) await examine(part, page.url(), (expression) => window.evaluate(expression))
    else await examine(part, page.url(), (expression) => page.evaluate(expression))
  }
}

type Copy = {
  html: string
  /** What stands around `main`. */
  around: string
  /** Whether the text says all: not that a dialog lies over the rest, nor styles that a script has set. */
  isWhole: boolean
}

const copyPage = `(() => {
  const shell = document.documentElement.cloneNode(true)
  shell.querySelector('main').replaceChildren()
  shell.querySelector('title').remove()
  return {
    html: document.documentElement.outerHTML,
    around: shell.outerHTML,
    isWhole: document.querySelector('dialog[open], [style]') === null,
  }
})()`

/** Puts a page in the place of the one that is shown; false where it has other style sheets. */
const showCopy = `(html) => {
  const sheets = 'link[rel=stylesheet]'
  const copy = new DOMParser().parseFromString(html, 'text/html')
  const textOf = (page) => [...page.querySelectorAll(sheets)].map((link) => link.outerHTML).join()
  if (textOf(copy) !== textOf(document)) return false
  const { documentElement: root, head } = document
  for (const { name } of [...root.attributes]) root.removeAttribute(name)
  for (const { name, value } of copy.documentElement.attributes) root.setAttribute(name, value)
  for (const element of [...head.children]) if (!element.matches(sheets)) element.remove()
  for (const element of [...copy.head.children]) if (!element.matches(sheets)) head.append(element)
  document.body.replaceWith(copy.body)
  window.scrollTo(0, 0)
  return true
}`

type Rule = { id: string; nodes: { target: string[]; failureSummary?: string }[] }

const axeSource = (() => {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright'))
  return readFileSync(resolve('axe-core/axe.min.js'), 'utf8')
})()

const loadAxe = `(() => { ${axeSource}; globalThis.axe ??= axe; return true })()`
const hasAxe = `'axe' in globalThis`

/** The same in a browser of any engine, where scripts run. */
export async function expectNoAxeViolationsIn(page: DrivenPage): Promise<void> {
  // Without its style sheet a page has other sizes and colours.
  await patiently('the whole page', async () =>
    (await page.evaluate('document.readyState')) === 'complete' ? true : undefined,
  )
  await examine('document', await page.address(), (expression) => page.evaluate(expression))
}

/** @param part what is examined, as an expression of the browser: `document` or a selector in quotes. */
async function examine(
  part: string,
  address: string,
  evaluate: (expression: string) => Promise<unknown>,
): Promise<void> {
  if (!(await evaluate(hasAxe))) await evaluate(loadAxe)
  const options = JSON.stringify({
    runOnly: { type: 'tag', values: tags },
    resultTypes: ['violations'],
    // Only a rule about the style sheets, which asks the whole document, needs them.
    preload: part === 'document',
  })
  const { violations, passes } = (await evaluate(
    `axe.run(${part}, ${options}).then(({ violations, passes }) => ({
      violations: violations.map(({ id, nodes }) => ({
        id, nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })),
      })),
      passes: passes.length,
    }))`,
  )) as { violations: Rule[]; passes: number }
  const findings = violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${target.join(' ')}\n  ${failureSummary ?? ''}`,
    ),
  )
  expect(findings, `accessibility of ${address}`).toEqual([])
  // A page on which no rule applied was not examined.
  expect(passes).toBeGreaterThan(0)
}
