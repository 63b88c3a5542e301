import type { AccountId } from '../ids.ts'

/** The browser's session as our own pages need it; the engine's face provides it. */
export type OwnSession = {
  readonly accountId: AccountId
  /** The stored form of the session's uid. */
  readonly uid: string
  readonly signedInAt: Date
  /** Its idle time starts again. How long that is and when the session ends depends on who it is. */
  use(isStaff: boolean): Promise<{ readonly idleSeconds: number; readonly endsAt: Date }>
  /**
   * It goes on under another identifier, in this browser alone: before others are ended, so that whoever copied
   * its cookie is one of them. Source: OWASP ASVS 5.0 7.2.4.
   */
  renew(isStaff: boolean): Promise<void>
  /** It ends for every court, with its audit row. */
  end(): Promise<void>
}
