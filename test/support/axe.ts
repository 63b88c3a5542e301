import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { type DrivenPage, patiently } from './browsers/driven-browser.ts'

// WCAG 2.2 up to level AA (Section 508 asks for 2.0 AA), and what axe thinks good beyond it.
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Fails naming each rule that the page breaks, where and how. */
export async function expectNoAxeViolations(page: Page): Promise<void> {
  // Our pages have no frames, for whose sake it would put its findings together in a tab of its own.
  const builder = new AxeBuilder({ page }).options({ resultTypes: ['violations'] })
  const { violations, passes } = await builder.withTags(tags).setLegacyMode().analyze()
  const findings = violations.flatMap((rule) =>
    rule.nodes.map(
      (node) => `${rule.id}: ${node.target.join(' ')}\n  ${node.failureSummary ?? ''}`,
    ),
  )
  expect(findings, `accessibility of ${page.url()}`).toEqual([])
  // A page on which no rule applied was not examined.
  expect(passes.length).toBeGreaterThan(0)
}

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
  await page.evaluate(`(() => { ${axeSource}; globalThis.axe ??= axe; return true })()`)
  const options = JSON.stringify({
    runOnly: { type: 'tag', values: tags },
    resultTypes: ['violations'],
  })
  const { violations, passes } = await page.evaluate<{ violations: Rule[]; passes: number }>(
    `axe.run(document, ${options}).then(({ violations, passes }) => ({
      violations: violations.map(({ id, nodes }) => ({
        id, nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })),
      })),
      passes: passes.length,
    }))`,
  )
  const findings = violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${target.join(' ')}\n  ${failureSummary ?? ''}`,
    ),
  )
  expect(findings, `accessibility of ${await page.address()}`).toEqual([])
  expect(passes).toBeGreaterThan(0)
}
