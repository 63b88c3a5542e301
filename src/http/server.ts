import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Log } from '../log.ts'
import { plainAddress } from '../networks.ts'
import { isUploadPath } from '../upload-path.ts'
import { tooManyCookies } from './too-many-cookies.ts'

/** Against slow and oversized requests. Source: OWASP ASVS 5.0 15.2.2. */
const serverLimits = {
  // Any court and any script below the parent domain sets cookies that a browser sends to us as well.
  maxHeaderSize: 64 * 1024,
  headersTimeout: 10_000,
  // For a document of ten megabytes over a slow line; everything else has `requestMilliseconds`.
  requestTimeout: 180_000,
  keepAliveTimeout: 5_000,
  // Node looks at the first two every half a minute, unless told otherwise.
  connectionsCheckingInterval: 1_000,
}
/** So long a request that is no upload may take to come. */
const requestMilliseconds = 15_000
const maximumConnections = 2000
const maximumHeaders = 64
/** For the rest of a request that is not read: an answer to a closed connection would be lost. */
const lingerMilliseconds = 1000

/** A server under the limits of this house, also for what is no request at all. */
export function createLimitedServer(listener: RequestListener, log: Log): Server {
  const server = createServer(serverLimits, listener)
  server.maxConnections = maximumConnections
  server.maxHeadersCount = maximumHeaders
  server.on('request', (request) => limitTime(server, request))
  const answered = new WeakSet<Socket>()
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // What still comes of the same request is an error again, each piece of it.
    if (answered.has(socket) && error.code !== 'ECONNRESET') return
    answered.add(socket)
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy(error)
      return
    }
    if (error.code === 'HPE_HEADER_OVERFLOW') {
      const { requestId, answer } = tooManyCookies()
      const peer = plainAddress(socket.remoteAddress ?? '')
      log.info({ requestId, status: 431, peer }, 'request refused: its headers are too large')
      end(socket, answer)
    } else {
      end(socket, `HTTP/1.1 ${statusOf(error.code)}\r\nConnection: close\r\n\r\n`)
    }
  })
  return server
}

/** Only what has a body is not there yet when its headers are. */
function limitTime(server: Server, request: IncomingMessage): void {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers
  if ((length === '0' && !coding) || isUploadPath(request.url?.split('?')[0] ?? '')) return
  const timer = setTimeout(() => {
    if (request.complete) return
    const late = Object.assign(new Error('the request came too slowly'), { code: timedOut })
    server.emit('clientError', late, request.socket)
  }, requestMilliseconds)
  timer.unref()
  request.once('end', () => clearTimeout(timer))
  request.once('close', () => clearTimeout(timer))
}

const timedOut = 'ERR_HTTP_REQUEST_TIMEOUT'

/** As Node answers where nobody listens. */
function statusOf(code: string | undefined): string {
  if (code === timedOut) return '408 Request Timeout'
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return '413 Payload Too Large'
  return '400 Bad Request'
}

function end(socket: Socket, answer: string): void {
  // An answer that is under way is not written into.
  const { _httpMessage: underWay } = socket as Socket & { _httpMessage?: { headersSent: boolean } }
  if (underWay?.headersSent) {
    socket.destroy()
    return
  }
  socket.end(answer)
  socket.resume()
  setTimeout(() => socket.destroy(), lingerMilliseconds).unref()
}
