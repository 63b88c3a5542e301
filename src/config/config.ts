import { z } from 'zod'
import { StartupError } from '../errors.ts'
import { nearest } from '../nearest.ts'
import { problemText } from '../problem.ts'
import { clock } from './clock.ts'
import { conformance } from './conformance.ts'
import { contact } from './contact.ts'
import { database } from './database.ts'
import { keys } from './keys.ts'
import { limits } from './limits.ts'
import { logging } from './logging.ts'
import { mail } from './mail.ts'
import { neighbours } from './neighbours.ts'
import { password } from './password.ts'
import { redis } from './redis.ts'
import { server, surroundingsOf } from './server.ts'

/** Everything that is read from the environment, by the name of the variable. */
export const settings = {
  ...server.settings,
  ...database.settings,
  ...redis.settings,
  ...mail.settings,
  ...keys.settings,
  ...neighbours.settings,
  ...conformance.settings,
  ...limits.settings,
  ...password.settings,
  ...clock.settings,
  ...contact.settings,
  ...logging.settings,
}

const schema = z
  .strictObject(settings)
  .superRefine(
    (values, context) => {
      const surroundings = surroundingsOf(values)
      const sections = [server, conformance, neighbours, database, mail, keys, password]
      for (const { wrong } of sections) {
        for (const [name, message] of Object.entries(wrong?.(values, surroundings) ?? {})) {
          if (message) context.addIssue({ code: 'custom', path: [name], message })
        }
      }
      // Also where a setting is wrong by itself: an operator learns all at once.
    },
    { when: () => true },
  )
  .transform((values) => ({
    ...server.read(values),
    ...database.read(values),
    ...redis.read(values),
    ...mail.read(values),
    ...keys.read(values),
    ...neighbours.read(values),
    ...conformance.read(values),
    ...limits.read(values),
    ...password.read(values),
    ...clock.read(values),
    ...contact.read(values),
    ...logging.read(values),
  }))

type Frozen<Value> = Value extends object
  ? { readonly [Name in keyof Value]: Frozen<Value[Name]> }
  : Value

export type Config = Frozen<z.output<typeof schema>>

/**
 * Reads the configuration once. Unknown `CSO_…` names are refused, so that a typing error does not
 * leave a default in force.
 * @throws StartupError naming every problem; values are never repeated, since some are secrets.
 */
export function loadConfig(environment: Record<string, string | undefined>): Config {
  const known = Object.keys(settings)
  const ours = Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) =>
        value !== undefined && value !== '' && (name.startsWith('CSO_') || known.includes(name)),
    ),
  )
  const parsed = schema.safeParse(ours)
  if (parsed.success) return frozen(parsed.data)
  const problems = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((name) => ({
          path: [name],
          message: 'is not a known setting',
          suggestion: nearest(name, known),
        }))
      : [{ path: issue.path.map(String), message: issue.message }],
  )
  throw new StartupError(problems.map(problemText))
}

function frozen<Value>(value: Value): Frozen<Value> {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) frozen(member)
    Object.freeze(value)
  }
  return value as Frozen<Value>
}
