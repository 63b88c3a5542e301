import type { z } from 'zod'

export type Settings = Readonly<Record<string, z.ZodType>>

/** Where the process runs, as rules between settings see it. */
export type Surroundings = {
  readonly isProduction: boolean
  readonly isHttps: boolean
  /** The issuer and the address it listens on are both of this machine. */
  readonly isOnLoopback: boolean
}

/** One subject of the configuration. */
export type Section<Known extends Settings, Part extends object> = {
  /** By the name of the variable. The description is the operator's: docs/operate.md has it word for word. */
  readonly settings: Known
  /**
   * What is wrong though each setting may be right by itself, by the name of the setting. A setting
   * that is wrong has any value, since an operator is told all problems at once.
   */
  readonly wrong?: (
    values: { readonly [Name in keyof Known]?: unknown },
    surroundings: Surroundings,
  ) => { readonly [Name in keyof Known]?: string | false }
  /** The members of the configuration that the section gives. */
  readonly read: (values: z.output<z.ZodObject<Known>>) => Part
}

/** Only tells the compiler what belongs together. */
export function defineSection<Known extends Settings, Part extends object>(
  section: Section<Known, Part>,
): Section<Known, Part> {
  return section
}
