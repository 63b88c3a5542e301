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
    /** Of the mail servers of tests, on 127.0.0.1, with the authority that signed it; in PEM. */
    mailCertificate: { authority: string; certificate: string; key: string }
    /** A folder for what one test file makes and others use. */
    runFolder: string
  }
}
