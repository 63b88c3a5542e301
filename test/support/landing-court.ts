import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { freePort } from './free-port.ts'

/**
 * A court as a browser meets it: its callback redirects to another origin, as many do, and its sign-out
 * is a form that goes to Central Sign-On.
 */
export type LandingCourt = {
  readonly redirectUri: string
  /** After signing out; shows `#court-left`. */
  readonly leftUri: string
  /** A page with the button `#leave`, which posts a form with these fields to the address. */
  leaveFrom(action: string, fields: Record<string, string>): string
  /** What the callback was sent last, as an address to redeem. */
  callback(): string
  stop(): Promise<void>
}

export async function startLandingCourt(): Promise<LandingCourt> {
  let last = ''
  let leaving = { action: '', fields: {} as Record<string, string> }

  // Shows `#court-inside`: where the person wanted to go.
  const inside = await listen(async (_request, response) => {
    show(response, 'You are inside', '<p id="court-inside">inside</p>')
  })
  const court = await listen(async (request, response) => {
    const url = new URL(request.url ?? '/', court.origin)
    if (url.pathname === '/callback') {
      const form = new URLSearchParams(await text(request))
      last = request.method === 'POST' ? `${court.origin}/callback?${form}` : url.href
      response.writeHead(303, { location: `${inside.origin}/${url.search}` }).end()
    } else if (url.pathname === '/leave') {
      const inputs = Object.entries(leaving.fields).map(
        ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
      )
      const button = '<button id="leave">Leave</button>'
      const form = `<form method="post" action="${leaving.action}">${inputs.join('')}${button}</form>`
      show(response, 'A court', form)
    } else show(response, 'You left', '<p id="court-left">left</p>')
  })

  return {
    redirectUri: `${court.origin}/callback`,
    leftUri: `${court.origin}/left`,
    leaveFrom(action, fields) {
      leaving = { action, fields }
      return `${court.origin}/leave`
    },
    callback: () => last,
    async stop() {
      await Promise.all([court.stop(), inside.stop()])
    },
  }
}

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
) {
  const port = await freePort()
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    origin: `http://localhost:${port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function show(response: ServerResponse, title: string, body: string): void {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(`<!doctype html><html lang="en"><title>${title}</title><main>${body}</main></html>`)
}
