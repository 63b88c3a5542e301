import { launchBrowser } from '../browser.ts'
import { type DrivenBrowser, patiently } from './driven-browser.ts'

/** Chromium through Playwright; the whole of it, as people have it. */
export async function startChromium(hasScripts: boolean): Promise<DrivenBrowser> {
  const browser = await launchBrowser('whole')
  return {
    engine: 'chromium',
    hasScripts,
    async newPage() {
      const page = await browser.newPage({ javaScriptEnabled: hasScripts })
      const has = async (selector: string) => (await page.locator(selector).count()) > 0
      return {
        async open(url) {
          await page.goto(url, { waitUntil: 'commit' })
        },
        address: async () => page.url(),
        see: (selector) =>
          patiently(selector, async () =>
            (await has(selector)) ? page.locator(selector).first().innerText() : undefined,
          ),
        has,
        type: (selector, text) => page.fill(selector, text),
        press: (selector) => page.click(selector, { noWaitAfter: true }),
        evaluate: (expression) => page.evaluate(expression),
        forgetCookies: () => page.context().clearCookies(),
        screenshot: () => page.screenshot(),
        close: () => page.context().close(),
      }
    },
    stop: () => browser.stop(),
  }
}
