import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { findMiniBrowser, findWebKitDriver, findXvfb } from '../../../scripts/services.mjs'
import { freePort } from '../free-port.ts'
import { atExit } from '../server-process.ts'
import { type DrivenBrowser, type DrivenPage, patiently } from './driven-browser.ts'

/** The name under which WebDriver hands out elements. */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf'

/**
 * WebKitGTK, the engine of Safari, by its WebDriver on a screen that nobody sees. Each person has a
 * driver and a browser: WebKitWebDriver serves one session.
 * @see https://www.w3.org/TR/webdriver2/
 */
export async function startWebKit(hasScripts: boolean): Promise<DrivenBrowser> {
  const [xvfb, driver, browser] = [findXvfb(), findWebKitDriver(), findMiniBrowser()]
  if (!xvfb || !driver || !browser) throw new Error('WebKitGTK is not on this machine')
  const screen = start(xvfb, ['-displayfd', '3', '-screen', '0', '1366x900x24', '-nolisten', 'tcp'])
  const display = `:${(await firstLine(screen.child.stdio[3] as Readable)).trim()}`
  return {
    engine: 'webkit',
    hasScripts,
    newPage: () => newPage({ driver, browser, display, hasScripts }),
    stop: () => screen.end(),
  }
}

function start(program: string, args: string[], environment: NodeJS.ProcessEnv = {}) {
  const child: ChildProcess = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
    // Its own group: the browser that a driver started goes with it.
    detached: true,
  })
  const kill = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
  const forget = atExit(kill)
  return {
    child,
    async end() {
      const gone = child.exitCode === null ? once(child, 'exit') : undefined
      kill()
      await gone
      forget()
    },
  }
}

async function firstLine(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream) {
    text += chunk
    if (text.includes('\n')) break
  }
  return text
}

async function newPage(on: {
  driver: string
  browser: string
  display: string
  hasScripts: boolean
}): Promise<DrivenPage> {
  const port = await freePort()
  const driver = start(on.driver, [`--port=${port}`], {
    DISPLAY: on.display,
    LIBGL_ALWAYS_SOFTWARE: '1',
  })
  let session = ''
  const send = async <Value>(method: string, path: string, body?: object): Promise<Value> => {
    const answer = await fetch(`http://127.0.0.1:${port}${session}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(isLooking(path) ? 4_000 : 20_000),
    })
    const { value } = (await answer.json()) as {
      value: Value & { error?: string; message?: string }
    }
    if (!answer.ok) throw new Error(`${value.error}: ${value.message}`)
    return value
  }
  const { sessionId } = await patiently('WebKitWebDriver', () =>
    send<{ sessionId: string }>('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          // Nobody goes back here: after that the driver would wait for a page for ever.
          pageLoadStrategy: 'normal',
          timeouts: { pageLoad: 20_000, script: 20_000, implicit: 0 },
          'webkitgtk:browserOptions': {
            binary: on.browser,
            args: ['--automation', ...(on.hasScripts ? [] : ['--enable-javascript=false'])],
          },
        },
      },
    }),
  )
  session = `/session/${sessionId}`

  const find = async (selector: string): Promise<string> => {
    const found = await send<Record<string, string>>('POST', '/element', {
      using: 'css selector',
      value: selector,
    })
    return `/element/${found[elementKey]}`
  }

  const has = async (selector: string): Promise<boolean> => {
    const found = await send<unknown[]>('POST', '/elements', {
      using: 'css selector',
      value: selector,
    })
    return found.length > 0
  }

  return {
    async open(url) {
      await send('POST', '/url', { url })
    },
    address: () => send('GET', '/url'),
    see: (selector) =>
      patiently(selector, async () => send<string>('GET', `${await find(selector)}/text`)),
    has,
    async type(selector, text) {
      await patiently(selector, async () => {
        await send('POST', `${await find(selector)}/value`, { text })
        return true
      })
    },
    async press(selector) {
      // Where the element stands is settled when the style sheet is there; before, a click misses it.
      let before = ''
      await patiently(selector, async () => {
        const element = await find(selector)
        const now = JSON.stringify(await send('GET', `${element}/rect`))
        if (now !== before) {
          before = now
          return undefined
        }
        await send('POST', `${element}/click`, {})
        return true
      })
    },
    evaluate: (expression) =>
      send('POST', '/execute/async', {
        script: `const done = arguments[0]; Promise.resolve(${expression}).then(done)`,
        args: [],
      }),
    async forgetCookies() {
      await send('DELETE', '/cookie')
    },
    screenshot: async () => Buffer.from(await send<string>('GET', '/screenshot'), 'base64'),
    async close() {
      await send('DELETE', '').catch(() => undefined)
      await driver.end()
    },
  }
}

/**
 * Whether the command only looks at the page. What is asked of a page that is just being left is
 * sometimes never answered, and may be asked again.
 */
function isLooking(path: string): boolean {
  return /^\/elements?(?:\/[^/]+\/text)?$/.test(path)
}
