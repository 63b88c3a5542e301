import { z } from 'zod'
import { type FormOf, requiredSecret, requiredText } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Problem } from '../../problem.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** The fields in which an old login is typed, on whatever page. */
export const oldLoginSchema = z.object({
  login: requiredText('Enter the username of the old system').pipe(
    z.string().max(128, 'A username has at most 128 characters'),
  ),
  oldPassword: requiredSecret('Enter the password of the old system'),
})

/** The yes to both names. */
export const confirmSchema = z.object({
  proof: z.string().max(300).catch(''),
  onePerson: z
    .string()
    .optional()
    .transform((value) => value === 'yes'),
})

export const oldLoginFields = {
  schema: oldLoginSchema,
  keeps: ['login'],
  secrets: ['oldPassword'],
} satisfies Pick<FormOf<z.ZodType>, 'schema' | 'keeps' | 'secrets'>

/** The form for the old login, as trusted HTML. */
export function oldLoginForm(model: {
  readonly action: string
  readonly csrf: string
  readonly login: string
  readonly problems: readonly Problem[]
}): string {
  const problem = (name: string) => model.problems.find(({ path }) => path[0] === name)?.message
  return template('old-login-form', { ...model, problem })
}

/** Both names side by side, and the yes to them, as trusted HTML. */
export function namesForm(model: {
  readonly action: string
  readonly csrf: string
  readonly proof: string
  readonly login: string
  readonly oldName: string
  readonly name: string
  readonly username: string
  readonly isSuspended: boolean
  readonly differ: boolean
  readonly problems: readonly Problem[]
}): string {
  const problem = (name: string) => model.problems.find(({ path }) => path[0] === name)?.message
  return template('names-form', { ...model, problem })
}
