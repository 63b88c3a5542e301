import { z } from 'zod'
import { defineSection } from './section.ts'

export const redis = defineSection({
  settings: {
    REDIS_URL: z
      .string()
      .regex(
        /^(rediss?|redis\+sentinel|redis\+cluster):\/\/\S+$/,
        'must be a redis://, rediss://, redis+sentinel:// or redis+cluster:// URL',
      )
      .optional()
      .describe('see [Redis](#redis). Absent: PostgreSQL holds what Redis would'),
    CSO_REDIS_PREFIX: z
      .string()
      .regex(/^[a-z0-9:-]{0,32}$/, 'must be up to 32 of a-z 0-9 : -')
      .default('cso:')
      .describe('stands before every key: up to 32 of `a-z 0-9 : -`'),
  },
  read: ({ REDIS_URL: url, CSO_REDIS_PREFIX: prefix }) => ({
    redis: url === undefined ? undefined : { url, prefix },
  }),
})
