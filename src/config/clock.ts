import { wholeNumber } from './kinds.ts'
import { defineSection } from './section.ts'

export const clock = defineSection({
  settings: {
    CSO_CLOCK_TOLERANCE: wholeNumber({ min: 1 })
      .default(10)
      .describe(
        "seconds that this machine's clock may be from the database's; beyond it nobody is served",
      ),
  },
  read: (values) => ({
    /** How far this machine's clock may be from the database's before nobody is served. */
    clockToleranceSeconds: values.CSO_CLOCK_TOLERANCE,
  }),
})
