import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:https'
import { makeCertificate } from './certificate.ts'

export type TlsProxy = {
  /** `https://localhost:port`. */
  readonly url: string
  /** The authority of the certificate that it shows, which nobody but the test trusts. */
  readonly authority: string
  stop(): Promise<void>
}

/**
 * A reverse proxy that ends TLS as nginx or Apache does: it appends the address it sees to
 * `X-Forwarded-For`, and replaces `X-Forwarded-Proto` and `X-Forwarded-Host`.
 */
export async function startTlsProxy(port: number, targetPort: number): Promise<TlsProxy> {
  const own = makeCertificate()
  const [key, cert] = [own.keyFile, own.certificateFile].map((path) => readFileSync(path))
  own.remove()

  const server = createServer({ key, cert }, (incoming, outgoing) => {
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
    authority: own.authority,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
