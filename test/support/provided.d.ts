import 'vitest'

declare module 'vitest' {
  /** What `global-setup.ts` hands to every test file: `inject('postgresUrl')`. */
  export interface ProvidedContext {
    /** The run's PostgreSQL server, its database `postgres`: for creating others. */
    postgresUrl: string
    /** The run's Redis; take a prefix from `newKeyPrefix()`. */
    redisUrl: string
    /** Signing keys for development, as their file holds them: making an RSA key takes half a second. */
    signingKeys: string
    /** A folder for what one test file makes and others use. */
    runFolder: string
  }
}
