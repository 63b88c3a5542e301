import { type Browser, chromium, type Page } from 'playwright-core'
import { findChromium, findChromiumShell } from '../../scripts/services.mjs'

export type PageOptions = {
  /** In CSS pixels; 1280 unless told. */
  readonly width?: number
  readonly height?: number
  readonly javaScriptEnabled?: boolean
  /** For `https` with a certificate made for the test. */
  readonly ignoreHTTPSErrors?: boolean
}

export type TestBrowser = {
  readonly browser: Browser
  /**
   * A page of a person of its own: no cookies but its own. A second tab of the same person is
   * `page.context().newPage()`.
   */
  newPage(options?: PageOptions): Promise<Page>
  stop(): Promise<void>
}

// Playwright itself adds what keeps a browser quiet (no sandbox, first run, updates or sync).
const flags = ['--disable-gpu', '--disable-quic']

/**
 * Starts the machine's Chromium without a window: its shell, which is the same engine in half the processor
 * time, or the whole one as people have it.
 */
export async function launchBrowser(which: 'whole' | 'shell' = 'shell'): Promise<TestBrowser> {
  const executablePath = which === 'whole' ? findChromium() : findChromiumShell()
  if (!executablePath) throw new Error('Chromium is not on this machine')
  const browser = await chromium.launch({
    executablePath,
    args: flags,
    headless: true,
    // Playwright kills it when this process exits; on a signal its own handlers would keep us from exiting.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
  return {
    browser,
    async newPage({ width = 1280, height = 900, ...options } = {}) {
      const context = await browser.newContext({ viewport: { width, height }, ...options })
      return context.newPage()
    },
    async stop() {
      await browser.close()
    },
  }
}
