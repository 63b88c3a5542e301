import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Router } from '@koa/router'
import Koa from 'koa'
import type { JWK } from 'openid-client'
import { createCa4 } from './ca4.ts'
import type { Court, FilingAnswer } from './court.ts'
import { createDocketFiler } from './docket-filer.ts'
import { describeStanding, type StandingInWords } from './efiling.ts'
import { createNcmd } from './ncmd.ts'
import { createNcwb } from './ncwb.ts'
import { createNcwd } from './ncwd.ts'
import { answerOldLogins } from './old-logins.ts'
import { type CourtModel, renderCourt } from './page.ts'
import { attemptNotFound, describeProblem, isSignInEnded, type Problem } from './problems.ts'
import { createSessions, type Notice, type Session } from './sessions.ts'

/** How to start one court; the registration at Central Sign-On must match. */
export type StartCourtOptions = {
  readonly issuer: string
  /** 0 takes a free one; register the `url` that `startCourt` returns before anybody signs in. */
  readonly port: number
  /** Where browsers reach the court; without one `http://localhost:<port>`. */
  readonly url?: string | undefined
  readonly clientId: string
  /** Sent with every authorization request, for example `{ prompt: 'login' }`. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** Links to other courts, in the footer. */
  readonly neighbours?: readonly { readonly name: string; readonly url: string }[] | undefined
} & (
  | { readonly court: 'ncwd'; readonly privateKey: JWK }
  | { readonly court: 'ncwb' | 'ncmd' | 'vendor'; readonly clientSecret: string }
  | { readonly court: 'ca4'; readonly clientSecret: string; readonly apiUrl: string }
)

const stylesheet = readFileSync(new URL('../static/court.css', import.meta.url))

/**
 * Starts one of the courts, or the vendor, as a web server on loopback. The redirect URI is `<url>/callback`,
 * the post-logout redirect URI `<url>/signed-out`, the way in `<url>/sign-in`. Several may run in one process;
 * they share nothing. Central Sign-On need not be running yet.
 *
 *   GET  /          the page: who is signed in, what they may do here, every claim
 *   GET  /sign-in   (or POST) sends the browser to Central Sign-On
 *   GET  /callback  comes back from there
 *   POST /file      files a document, or explains why not
 *   POST /old-logins  of ncwd: whether somebody of its old system is who it says
 *   POST /sign-out  ends the session here and at Central Sign-On
 *   GET  /signed-out  comes back from there
 *
 * Elements with stable ids: `sign-in`, `file-document`, `sign-out`, `efiling-status` (its text, and
 * the claim's own word in `data-status`), `notice`, `problem`, `claims`, `id-token`.
 */
export async function startCourt(
  options: StartCourtOptions,
): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer().listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const url = options.url ?? `http://localhost:${(server.address() as AddressInfo).port}`
  server.on('request', createCourtApp(await createCourt(options, url), options, url).callback())
  return {
    url,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function createCourt(options: StartCourtOptions, url: string): Promise<Court> {
  const { issuer, clientId, parameters } = options
  const common = { issuer, clientId, redirectUri: `${url}/callback`, parameters }
  switch (options.court) {
    case 'ncwd':
      return createNcwd({ ...common, privateKey: options.privateKey })
    case 'ncwb':
      return createNcwb({ ...common, clientSecret: options.clientSecret })
    case 'ncmd':
      return createNcmd({ ...common, clientSecret: options.clientSecret })
    case 'vendor':
      return createDocketFiler({ ...common, clientSecret: options.clientSecret })
    case 'ca4':
      return createCa4({ ...common, clientSecret: options.clientSecret, apiUrl: options.apiUrl })
  }
}

function createCourtApp(court: Court, options: StartCourtOptions, url: string): Koa {
  const { relyingParty } = court
  const isSecure = url.startsWith('https:')
  const sessions = createSessions(`${options.court}-court`, isSecure)

  function show(
    ctx: Koa.Context,
    session: Session | undefined,
    problem?: Problem,
    notice?: Notice,
  ): void {
    const model: CourtModel = {
      court,
      issuer: options.issuer,
      neighbours: options.neighbours ?? [],
      person: session?.person,
      notice: notice ?? session?.notice,
      problem,
    }
    if (session) session.notice = undefined
    ctx.type = 'html'
    ctx.body = renderCourt(model)
  }

  function showProblem(ctx: Koa.Context, error: unknown): void {
    const problem = describeProblem(error)
    console.error(`${court.id}: sign-in failed: ${problem.code ?? error}`)
    ctx.status = problem.isOutage ? 503 : 400
    show(ctx, sessions.find(ctx), problem)
  }

  async function startSignIn(ctx: Koa.Context): Promise<void> {
    // Central Sign-On may send people here by itself; nobody else's name is taken for it.
    // Source: OpenID Connect Core 1.0 section 4.
    if (ctx.query['iss'] !== undefined && ctx.query['iss'] !== options.issuer) ctx.throw(400)
    try {
      const { url: authorizationUrl, attempt } = await relyingParty.start()
      sessions.remember(ctx, attempt)
      seeOther(ctx, authorizationUrl.href)
    } catch (error) {
      showProblem(ctx, error)
    }
  }

  const router = new Router()
  router.get('/', (ctx) => show(ctx, sessions.find(ctx)))
  router.get('/sign-in', startSignIn)
  router.post('/sign-in', startSignIn)

  router.get('/callback', async (ctx) => {
    const taken = sessions.take(ctx, ctx.query['state'])
    if (!taken) {
      ctx.status = 400
      return show(ctx, sessions.find(ctx), attemptNotFound)
    }
    try {
      const callbackUrl = new URL(`${url}/callback${ctx.search}`)
      const signIn = await relyingParty.finish(callbackUrl, taken.attempt)
      const facts = await relyingParty.userInfo(signIn)
      taken.session.person = { signIn, facts, readAt: new Date() }
      sessions.renew(ctx, taken.session)
      seeOther(ctx, '/')
    } catch (error) {
      showProblem(ctx, error)
    }
  })

  router.post('/file', async (ctx) => {
    const session = sessions.find(ctx)
    if (session?.person) {
      const answer = await file(court, session)
      session.notice = noticeOf(answer, describeStanding(session.person.facts, court.id))
      // What the court knew about this person is no longer vouched for by anybody.
      if (!answer.isFiled && answer.reason === 'sign-in-ended') session.person = undefined
    }
    seeOther(ctx, '/')
  })

  if (options.court === 'ncwd') {
    const { issuer } = options
    router.post('/old-logins', answerOldLogins({ issuer, audience: `${url}/old-logins` }))
  }

  router.post('/sign-out', async (ctx) => {
    const person = sessions.find(ctx)?.person
    sessions.end(ctx)
    if (!person) return seeOther(ctx, '/')
    try {
      seeOther(ctx, (await relyingParty.signOutUrl(person.signIn, `${url}/signed-out`)).href)
    } catch (error) {
      showProblem(ctx, error)
    }
  })

  router.get('/signed-out', (ctx) => {
    const session = sessions.find(ctx)
    // Somebody who is signed in here may open the address, too.
    show(ctx, session, undefined, session?.person ? undefined : signedOut)
  })

  router.get('/court.css', (ctx) => {
    ctx.type = 'css'
    ctx.set('cache-control', 'max-age=300')
    ctx.body = stylesheet
  })
  router.get('/healthz', (ctx) => {
    ctx.body = 'ok'
  })

  const app = new Koa()
  app.use(async (ctx, next) => {
    ctx.cookies.secure = isSecure
    ctx.set({
      'cache-control': 'no-store',
      'content-security-policy':
        `default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; ` +
        `frame-ancestors 'none'; form-action 'self' ${options.issuer}`,
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    if (ctx.method === 'POST' && isFromElsewhere(ctx, url)) ctx.throw(403)
    await next()
  })
  app.use(router.routes()).use(router.allowedMethods())
  return app
}

/** Asks for the facts of now first: what was true at sign-in may not be true any more. */
async function file(court: Court, session: Session): Promise<FilingAnswer> {
  const signIn = session.person!.signIn
  try {
    const facts = await court.relyingParty.userInfo(signIn)
    session.person = { signIn, facts, readAt: new Date() }
    return await court.file(signIn, facts)
  } catch (error) {
    if (!isSignInEnded(error)) console.error(`${court.id}: cannot ask for facts: ${error}`)
    return { isFiled: false, reason: isSignInEnded(error) ? 'sign-in-ended' : 'unavailable' }
  }
}

/** What this court knows by itself; of the others Central Sign-On speaks. */
const signedOut: Notice = {
  kind: 'done',
  title: 'You are signed out',
  text: 'This court has forgotten who you are. On a shared computer, close every browser window now.',
}

function noticeOf(answer: FilingAnswer, standing: StandingInWords): Notice {
  if (answer.isFiled) {
    const text = `Entry ${answer.entry} on the docket, filed by ${answer.by}.`
    return { kind: 'done', title: 'Filed', text }
  }
  switch (answer.reason) {
    case 'not-permitted':
      return {
        kind: 'refused',
        title: 'Not filed',
        text: standing.mayFile
          ? 'This court’s filing service does not accept that you may file. Ask the clerk’s office.'
          : standing.text,
      }
    case 'sign-in-ended':
      return {
        kind: 'refused',
        title: 'Not filed',
        text: 'Your sign-in at Central Sign-On has ended or is more than five minutes old. Sign in again, then file.',
      }
    case 'unavailable':
      return {
        kind: 'refused',
        title: 'Not filed',
        text: 'This court could not check your right to file. Wait a moment and try again.',
      }
  }
}

/** 303: the browser goes on with GET whatever it came with. Source: RFC 9700 section 4.12. */
function seeOther(ctx: Koa.Context, location: string): void {
  ctx.status = 303
  ctx.redirect(location)
}

/**
 * Whether another site's page made the browser send this form. SameSite cookies do not tell: all
 * ports of one host are one site. Browsers name the origin with every POST; a program without one
 * has no cookies of a victim to abuse.
 */
function isFromElsewhere(ctx: Koa.Context, url: string): boolean {
  const origin = ctx.get('origin')
  const site = ctx.get('sec-fetch-site')
  return (
    (origin !== '' && origin !== url) || (site !== '' && !['same-origin', 'none'].includes(site))
  )
}
