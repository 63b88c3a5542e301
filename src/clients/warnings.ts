import type { ClientMetadata } from './metadata.ts'

/**
 * What is allowed in a registration and should not stay: for whoever operates the installation, in the
 * words of the members. Empty for a registration that is as it should be.
 */
export function registrationWarnings(metadata: ClientMetadata): string[] {
  const warnings: string[] = []
  if (metadata.pkce_required === false) {
    warnings.push(
      'pkce_required: false: its codes are protected by a nonce alone, which its own library has to check (RFC 9700 section 2.1.1)',
    )
  }
  return warnings
}
