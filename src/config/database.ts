import { z } from 'zod'
import { wholeNumber } from './kinds.ts'
import { defineSection } from './section.ts'

export const database = defineSection({
  settings: {
    DATABASE_URL: z
      .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' })
      .optional()
      .describe('PostgreSQL, `postgresql://…`. Absent: the embedded database ᴾ'),
    CSO_DATABASE_POOL: wholeNumber({ min: 1 })
      .default(10)
      .describe('connections for requests, per process'),
    CSO_DATA_DIR: z
      .string()
      .default('.data')
      .describe('folder of the embedded database; `:memory:` keeps nothing'),
  },
  wrong: ({ DATABASE_URL: url }, { isProduction }) => ({
    DATABASE_URL: isProduction && !url && 'is required in production',
  }),
  read: (values) => ({
    database: {
      /** Absent: the embedded database, its files in `dataDir`. */
      url: values.DATABASE_URL,
      dataDir: values.CSO_DATA_DIR,
      poolSize: values.CSO_DATABASE_POOL,
    },
  }),
})
