import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { expectNoAxeViolations } from './axe.ts'

/**
 * Looks at a page that somebody has come to: its heading, axe, and whether it fits into its width. Axe is a script
 * itself: it looks where scripts are on.
 */
export async function look(page: Page, heading: string, hasScripts: boolean): Promise<void> {
  // A key sends a form, and the page that follows is waited for.
  await page.locator('h1', { hasText: heading }).waitFor()
  expect(await page.locator('h1').innerText()).toBe(heading)
  if (!hasScripts) return
  await expectNoAxeViolations(page)
  const { width } = page.viewportSize()!
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
}
