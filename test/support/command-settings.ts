import type { SignOn } from './sign-on.ts'

/** The settings with which a command works on the same installation as this server. */
export function commandSettings({ config }: SignOn) {
  return {
    CSO_ISSUER: config.issuer,
    DATABASE_URL: config.database.url,
    REDIS_URL: config.redis?.url,
    CSO_REDIS_PREFIX: config.redis?.prefix,
    CSO_KEYS_DIR: config.keys.directory,
  }
}
