import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { type SystemUser, temporaryFolder } from './server-process.ts'

export type Certificate = {
  /** Files in PEM. The authority signed the certificate and is in nobody's list. */
  readonly authorityFile: string
  readonly certificateFile: string
  readonly keyFile: string
  /** The contents of `authorityFile`. */
  readonly authority: string
  remove(): void
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/**
 * A private authority and a certificate of it for a server on loopback: for `localhost` alone, or with
 * `withAddress` for 127.0.0.1 too. `owner` may read the key.
 */
export function makeCertificate(
  options: { withAddress?: boolean; owner?: SystemUser } = {},
): Certificate {
  const folder = temporaryFolder('certificate', options.owner)
  const file = (name: string) => join(folder.path, name)
  const [authorityFile, certificateFile, keyFile] = [file('ca.pem'), file('cert.pem'), file('key')]
  const names = `DNS:localhost${options.withAddress ? ',IP:127.0.0.1' : ''}`
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  openssl(
    ...['req', '-x509', ...newKey, '-days', '1', '-subj', '/CN=Test authority'],
    ...['-keyout', file('ca.key'), '-out', authorityFile],
  )
  openssl('req', ...newKey, '-subj', '/CN=localhost', '-keyout', keyFile, '-out', file('csr'))
  writeFileSync(file('extensions'), `subjectAltName=${names}\n`)
  openssl(
    ...['x509', '-req', '-in', file('csr'), '-CA', authorityFile, '-CAkey', file('ca.key')],
    ...['-CAcreateserial', '-days', '1', '-extfile', file('extensions'), '-out', certificateFile],
  )
  chmodSync(keyFile, 0o600)
  if (options.owner) chownSync(keyFile, options.owner.uid, options.owner.gid)
  return {
    authorityFile,
    certificateFile,
    keyFile,
    authority: readFileSync(authorityFile, 'utf8'),
    remove: folder.remove,
  }
}

/**
 * Makes `fetch`, and with it the courts' applications of a test, trust this authority as they would a
 * public one; returns how to end that.
 */
export function trustAuthority(authority: string): () => Promise<void> {
  const usual = getGlobalDispatcher()
  const trusting = new Agent({ connect: { ca: authority } })
  setGlobalDispatcher(trusting)
  return async () => {
    setGlobalDispatcher(usual)
    await trusting.destroy()
  }
}
