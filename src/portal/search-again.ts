import { z } from 'zod'
import type { FormOf } from '../http/form-kit.ts'
import { paths } from '../paths.ts'

/** One press that lets the account search again. It stands on two pages; what comes of it, on this one. */
export const searchAgainForm = {
  name: 'search-again',
  page: paths.accountUsage,
  schema: z.object({}),
  keeps: [],
} satisfies FormOf<z.ZodType>
