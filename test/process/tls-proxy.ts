import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { temporaryFolder } from '../support/server-process.ts'

export type TlsProxy = {
  /** `https://localhost:port`. */
  readonly url: string
  /** The certificate that it shows, which nobody but the test trusts. */
  readonly certificate: string
  stop(): Promise<void>
}

/**
 * A reverse proxy that ends TLS as nginx or Apache does: it appends the address it sees to
 * `X-Forwarded-For`, and replaces `X-Forwarded-Proto` and `X-Forwarded-Host`.
 */
export async function startTlsProxy(port: number, targetPort: number): Promise<TlsProxy> {
  const folder = temporaryFolder('tls')
  const [keyFile, certificateFile] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')]
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', '1', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-keyout', keyFile, '-out', certificateFile],
    ],
    { stdio: 'pipe' },
  )
  const [key, certificate] = [keyFile, certificateFile].map((path) => readFileSync(path, 'utf8'))
  folder.remove()

  const server = createServer({ key, cert: certificate }, (incoming, outgoing) => {
    const seen = incoming.socket.remoteAddress ?? ''
    const before = incoming.headers['x-forwarded-for']
    const upstream = request(
      {
        host: '127.0.0.1',
        port: targetPort,
        method: incoming.method,
        path: incoming.url,
        headers: {
          ...incoming.headers,
          'x-forwarded-for': before ? `${before}, ${seen}` : seen,
          'x-forwarded-proto': 'https',
          'x-forwarded-host': incoming.headers.host,
        },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.pipe(outgoing)
      },
    )
    upstream.once('error', () => outgoing.destroy())
    incoming.pipe(upstream)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `https://localhost:${port}`,
    certificate: certificate ?? '',
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
