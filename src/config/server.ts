import { z } from 'zod'
import { oneOf, wholeNumber } from './kinds.ts'
import { defineSection, type Surroundings } from './section.ts'

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

const origin = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL', abort: true })
  .refine((value) => URL.parse(value)?.origin === value, 'must be a bare origin without a path')

/** Which installation this is, and where it listens. */
export const server = defineSection({
  settings: {
    CSO_ENVIRONMENT: oneOf(['development', 'production'])
      .default('development')
      .describe('`development` or `production`. Production refuses what is marked ᴾ below'),
    CSO_ISSUER: origin
      .default('http://localhost:3000')
      .describe(
        'the issuer: a bare origin, no path, no slash at the end; `https` except on loopback, ' +
          'always in production. It can never change: courts know it',
      ),
    CSO_HOST: z.string().default('127.0.0.1').describe('address to listen on'),
    CSO_PORT: wholeNumber({ min: 0, max: 65_535 })
      .default(3000)
      .describe('port to listen on; 0 takes a free one'),
  },
  wrong: ({ CSO_ISSUER: issuer }, { isProduction }) => {
    if (!String(issuer).startsWith('http:')) return {}
    if (isProduction) return { CSO_ISSUER: 'must be https in production' }
    return { CSO_ISSUER: !isLoopbackOrigin(issuer) && 'must be https outside loopback' }
  },
  read: (values) => ({
    environment: values.CSO_ENVIRONMENT,
    /** The issuer identifier: a bare origin, without a trailing slash. */
    issuer: values.CSO_ISSUER,
    listen: { host: values.CSO_HOST, port: values.CSO_PORT },
  }),
})

/** What the other sections' rules see of this one. */
export function surroundingsOf(
  values: {
    readonly [Name in keyof typeof server.settings]?: unknown
  },
): Surroundings {
  const issuer = String(values.CSO_ISSUER)
  return {
    isProduction: values.CSO_ENVIRONMENT === 'production',
    isHttps: URL.parse(issuer)?.origin === issuer && issuer.startsWith('https:'),
    isOnLoopback: isLoopbackOrigin(values.CSO_ISSUER) && loopbackNames.has(String(values.CSO_HOST)),
  }
}

function isLoopbackOrigin(issuer: unknown): boolean {
  return loopbackNames.has(URL.parse(String(issuer))?.hostname ?? '')
}
