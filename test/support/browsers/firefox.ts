import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFirefox } from '../../../scripts/services.mjs'
import { atExit, temporaryFolder } from '../server-process.ts'
import { type DrivenBrowser, type DrivenPage, patiently } from './driven-browser.ts'

// Nothing of its own: no first run, no updates, no reports, no look-ups.
const preferences = {
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'signon.rememberSignons': false,
  'toolkit.telemetry.enabled': false,
}

type Send = <Result>(method: string, parameters: object) => Promise<Result>

/**
 * Firefox by its own WebDriver BiDi: no driver program and no package is needed.
 * @see https://www.w3.org/TR/webdriver-bidi/
 */
export async function startFirefox(hasScripts: boolean): Promise<DrivenBrowser> {
  const program = findFirefox()
  if (!program) throw new Error('Firefox is not on this machine')
  const profile = temporaryFolder('firefox')
  const settings = { ...preferences, 'javascript.enabled': hasScripts }
  const lines = Object.entries(settings).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  )
  writeFileSync(join(profile.path, 'user.js'), lines.join('\n'))
  const child = spawn(
    program,
    ['--headless', '--no-remote', '--profile', profile.path, '--remote-debugging-port', '0'],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: profile.path } },
  )
  const forget = atExit(() => child.kill('SIGKILL'))
  const stop = async () => {
    const gone = child.exitCode === null ? once(child, 'exit') : undefined
    child.kill('SIGKILL')
    await gone
    forget()
    profile.remove()
  }
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  try {
    const address = await patiently('Firefox', async () => /ws:\/\/[\d.:]+/.exec(said)?.[0])
    const send = await connect(`${address}/session`)
    await send('session.new', { capabilities: {} })
    return { engine: 'firefox', hasScripts, newPage: () => newPage(send), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function connect(url: string): Promise<Send> {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  let count = 0
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error, message } = JSON.parse(String(data))
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error) asked?.reject(new Error(`${error}: ${message}`))
    else asked?.resolve(result as never)
  })
  return (method, params) =>
    new Promise((resolve, reject) => {
      count += 1
      waiting.set(count, { resolve, reject })
      socket.send(JSON.stringify({ id: count, method, params }))
    })
}

async function newPage(send: Send): Promise<DrivenPage> {
  const { userContext } = await send<{ userContext: string }>('browser.createUserContext', {})
  const { context } = await send<{ context: string }>('browsingContext.create', {
    type: 'tab',
    userContext,
  })

  /** In a sandbox: the page's policy does not reach there. Promises go on only where scripts run. */
  const run = async <Value>(expression: string, isAwaited = false): Promise<Value> => {
    const answer = await send<{
      type: string
      result?: { value?: string }
      exceptionDetails?: { text: string }
    }>('script.evaluate', {
      expression: isAwaited
        ? `Promise.resolve(${expression}).then((value) => JSON.stringify(value ?? null))`
        : `JSON.stringify(${expression} ?? null)`,
      target: { context, sandbox: 'driver' },
      awaitPromise: isAwaited,
    })
    if (answer.type !== 'success') throw new Error(answer.exceptionDetails?.text ?? 'no answer')
    return JSON.parse(answer.result?.value ?? 'null')
  }
  const find = (selector: string) => `document.querySelector(${JSON.stringify(selector)})`
  const perform = (actions: object[]) => send('input.performActions', { context, actions })

  /** Whatever is over it and wherever it is: scrolled into view, its middle. */
  const middleOf = (selector: string) =>
    patiently(selector, async () => {
      const at = await run<{ x: number; y: number } | null>(
        `(() => {
          const element = ${find(selector)}
          if (!element || document.readyState !== 'complete') return null
          element.scrollIntoView({ block: 'center', behavior: 'instant' })
          const { x, y, width, height } = element.getBoundingClientRect()
          return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) }
        })()`,
      )
      return at ?? undefined
    })
  const press = async (selector: string) => {
    const at = await middleOf(selector)
    await perform([
      {
        type: 'pointer',
        id: 'mouse',
        parameters: { pointerType: 'mouse' },
        actions: [
          { type: 'pointerMove', ...at },
          { type: 'pointerDown', button: 0 },
          { type: 'pointerUp', button: 0 },
        ],
      },
    ])
  }

  return {
    async open(url) {
      await send('browsingContext.navigate', { context, url, wait: 'interactive' })
    },
    async address() {
      const { contexts } = await send<{ contexts: { url: string }[] }>('browsingContext.getTree', {
        root: context,
      })
      return contexts[0]!.url
    },
    see: (selector) =>
      patiently(selector, async () => {
        const text = await run<string | null>(`${find(selector)}?.innerText`)
        return text ?? undefined
      }),
    has: (selector) => run<boolean>(`${find(selector)} !== null`),
    async type(selector, text) {
      await press(selector)
      await perform([
        {
          type: 'key',
          id: 'keyboard',
          actions: [...text].flatMap((value) => [
            { type: 'keyDown', value },
            { type: 'keyUp', value },
          ]),
        },
      ])
    },
    press,
    evaluate: (expression) => run(expression, true),
    async forgetCookies() {
      await send('storage.deleteCookies', { partition: { type: 'context', context } })
    },
    async screenshot() {
      const { data } = await send<{ data: string }>('browsingContext.captureScreenshot', {
        context,
      })
      return Buffer.from(data, 'base64')
    },
    async close() {
      await send('browser.removeUserContext', { userContext })
    },
  }
}
