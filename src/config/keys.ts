import { z } from 'zod'
import { defineSection } from './section.ts'

/** Where keys and secrets are; what is in them is the business of `signing/`. */
export const keys = defineSection({
  settings: {
    CSO_SIGNING_KEYS_FILE: z
      .string()
      .optional()
      .describe('file with the signing keys; required in production, or the next'),
    CSO_SIGNING_KEYS: z.string().optional().describe('the same as a value'),
    CSO_SECRETS_FILE: z
      .string()
      .optional()
      .describe('file with the secrets; required in production, or the next'),
    CSO_SECRETS: z.string().optional().describe('the same as a value'),
    CSO_KEYS_DIR: z
      .string()
      .default('keys')
      .describe('folder where development keeps keys and secrets, made at the first start'),
  },
  wrong: (values, { isProduction }) => ({
    CSO_SIGNING_KEYS_FILE:
      isProduction &&
      !values.CSO_SIGNING_KEYS &&
      !values.CSO_SIGNING_KEYS_FILE &&
      'or CSO_SIGNING_KEYS is required in production',
    CSO_SECRETS_FILE:
      isProduction &&
      !values.CSO_SECRETS &&
      !values.CSO_SECRETS_FILE &&
      'or CSO_SECRETS is required in production',
  }),
  read: (values) => ({
    keys: {
      directory: values.CSO_KEYS_DIR,
      signingKeys: values.CSO_SIGNING_KEYS,
      signingKeysFile: values.CSO_SIGNING_KEYS_FILE,
      secrets: values.CSO_SECRETS,
      secretsFile: values.CSO_SECRETS_FILE,
    },
  }),
})
