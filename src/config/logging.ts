import { oneOf } from './kinds.ts'
import { defineSection } from './section.ts'

export const logging = defineSection({
  settings: {
    CSO_LOG_LEVEL: oneOf(['silent', 'error', 'warn', 'info', 'debug'])
      .default('info')
      .describe(
        '`silent`, `error`, `warn`, `info`, `debug`; requests are logged at `info`, static files at `debug`',
      ),
  },
  read: (values) => ({ logLevel: values.CSO_LOG_LEVEL }),
})
