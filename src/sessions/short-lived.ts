import type { Payload } from './payload.ts'

/**
 * Where interactions, codes, pushed requests, opaque access tokens and replay marks live: things
 * that last minutes and may be lost with "please sign in again".
 */
export type ShortLivedStore = {
  upsert(model: string, id: string, payload: Payload, expiresInSeconds: number): Promise<void>
  /**
   * Puts another payload in the place of the one with this `revision`; a payload without one has 0.
   * @returns false when somebody was faster, or it is gone: nothing is changed.
   */
  replace(
    model: string,
    id: string,
    revision: number,
    payload: Payload,
    expiresInSeconds: number,
  ): Promise<boolean>
  /** True for the first caller only, until it expires. */
  insertOnce(model: string, id: string, expiresInSeconds: number): Promise<boolean>
  /** The payload, with `consumed` set once it was; undefined when unknown or expired. */
  find(model: string, id: string): Promise<Payload | undefined>
  /** True for exactly one caller, however many ask at once, on however many processes. */
  consume(model: string, id: string): Promise<boolean>
  destroy(model: string, id: string): Promise<void>
}
