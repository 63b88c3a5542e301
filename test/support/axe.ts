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
 * The same for one page after the other of one kind of shell. What stands around `main` is examined
 * where it is new; a page that differs in `main` alone is examined there.
 */
export function expectNoNewAxeViolations(): (page: Page) => Promise<void> {
  const known = new Set<string>()
  return async (page) => {
    const around = await page.evaluate<string>(withoutMain)
    const isKnown = known.has(around)
    known.add(around)
    await examine(isKnown ? '"main"' : 'document', page.url(), (expression) =>
      page.evaluate(expression),
    )
  }
}

const withoutMain = `(() => {
  const shell = document.documentElement.cloneNode(true)
  shell.querySelector('main').replaceChildren()
  shell.querySelector('title').remove()
  return shell.outerHTML
})()`

type Rule = { id: string; nodes: { target: string[]; failureSummary?: string }[] }

const axeSource = (() => {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright'))
  return readFileSync(resolve('axe-core/axe.min.js'), 'utf8')
})()

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
  await evaluate(`(() => { ${axeSource}; globalThis.axe ??= axe; return true })()`)
  const options = JSON.stringify({
    runOnly: { type: 'tag', values: tags },
    resultTypes: ['violations'],
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
