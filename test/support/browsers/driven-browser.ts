/** One person's window, as the flows of all three engines drive it. */
export type DrivenPage = {
  /** The page that was there is gone when this returns; whether the new one is there is seen on it. */
  open(url: string): Promise<void>
  address(): Promise<string>
  /** Waits until the element is on the page; its text as a reader sees it. */
  see(selector: string): Promise<string>
  /** Whether it is there now. */
  has(selector: string): Promise<boolean>
  /** Fills in a field as somebody at the keyboard does. */
  type(selector: string, text: string): Promise<void>
  /** Waits for the element and clicks it; does not wait for where that leads. */
  press(selector: string): Promise<void>
  /** The value of an expression in the page; only where scripts run. */
  evaluate<Value>(expression: string): Promise<Value>
  /** As if somebody had removed the cookies of this site. */
  forgetCookies(): Promise<void>
  /** A PNG. */
  screenshot(): Promise<Buffer>
  close(): Promise<void>
}

export type DrivenBrowser = {
  readonly engine: 'chromium' | 'firefox' | 'webkit'
  readonly hasScripts: boolean
  /** The window of a new person: no cookies but its own. */
  newPage(): Promise<DrivenPage>
  stop(): Promise<void>
}

const patienceMilliseconds = 15_000
const pauseMilliseconds = 30

/**
 * Asks until there is an answer. A page that is just being left answers with errors of every kind, so
 * only the last one counts.
 */
export async function patiently<Value>(
  what: string,
  ask: () => Promise<Value | undefined>,
): Promise<Value> {
  const giveUpAt = performance.now() + patienceMilliseconds
  for (;;) {
    let problem = 'it is not there'
    try {
      const value = await ask()
      if (value !== undefined) return value
    } catch (error) {
      problem = (error as Error).message
    }
    if (performance.now() > giveUpAt) throw new Error(`waited in vain for ${what}: ${problem}`)
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds))
  }
}
