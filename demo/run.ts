/**
 * `npm run demo`: Central Sign-On on its embedded defaults and four courts and a vendor's software,
 * each a process of its own, on loopback. Everything it makes is in `.data/demo`; delete that folder to begin anew. Ports
 * 3000 to 3006, or seven from DEMO_PORT on.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { clientIds, loadCredentials, registrationFile } from './clients.ts'
import { describeAccounts } from './describe-accounts.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const dataDirectory = join(root, '.data', 'demo')
const accountsFile = join(root, 'prisma', 'development.yaml')
const goLivePeopleFile = join(root, 'demo', 'go-live-people.yaml')
const goLiveFile = join(dataDirectory, 'go-live-now.yaml')
const readySeconds = 60
const stopSeconds = 12

const names = ['sign-on', 'ncwd', 'ncwb', 'ca4', 'ca4-api', 'ncmd', 'vendor'] as const
type Name = (typeof names)[number]

const labels: Readonly<Record<Name, string>> = {
  'sign-on': 'Central Sign-On',
  ncwd: 'W.D.N.C., district court, goes live',
  ncwb: 'W.D.N.C., bankruptcy court',
  ca4: 'Fourth Circuit, court of appeals',
  'ca4-api': 'Fourth Circuit, filing service',
  ncmd: 'M.D.N.C., not on NextGen yet',
  vendor: 'Docket Filer, a vendor',
}

/** Something the person at the terminal can put right; shown without a stack. */
class DemoError extends Error {}

const running = new Map<Name, ChildProcess>()
let isStopping = false

async function main(): Promise<void> {
  const ports = choosePorts(process.env['DEMO_PORT'])
  const url = (name: Name) => `http://localhost:${ports[name]}`
  await requireFree(ports)

  mkdirSync(dataDirectory, { recursive: true })
  const credentials = loadCredentials(dataDirectory)
  const clientsFile = join(dataDirectory, 'clients.yaml')
  const urls = {
    ncwd: url('ncwd'),
    ncwb: url('ncwb'),
    ca4: url('ca4'),
    ncmd: url('ncmd'),
    vendor: url('vendor'),
  }
  writeFileSync(clientsFile, registrationFile(urls, credentials), { mode: 0o600 })
  const keyFile = join(dataDirectory, 'ncwd-private-key.json')
  writeFileSync(keyFile, JSON.stringify(credentials.ncwdKey), { mode: 0o600 })

  const signOn = {
    ...signOnEnvironment(url('sign-on'), ports['sign-on']),
    // The district court checks old logins itself, and is asked there.
    CSO_OUTBOUND_LOOPBACK_HOSTS: `localhost:${ports.ncwd}`,
  }
  console.log('Preparing the database, the people and the courts ...')
  // Before the server starts: the embedded database admits one process at a time.
  const verifierFile = join(dataDirectory, 'verifier.yaml')
  writeFileSync(
    verifierFile,
    `courts: [{ id: ncwd, old_login_verifier: "${url('ncwd')}/old-logins" }]\n`,
  )
  fill(signOn, [accountsFile, goLivePeopleFile, clientsFile, verifierFile])
  prepare(signOn, 'send-requests.ts')
  prepare(signOn, 'prepare-go-live.ts')
  // What makes the district court live now: the running server takes it.
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/New_York' }).format()
  writeFileSync(goLiveFile, `courts: [{ id: ncwd, go_live_on: ${today} }]\n`)
  console.log('Starting ...')
  start('sign-on', ['src/main.ts'], signOn)
  await isReady('sign-on', `${url('sign-on')}/readyz`)

  const court = (name: Exclude<Name, 'sign-on'>, own: Record<string, string>) =>
    start(name, ['demo/courts/main.ts', name], {
      ...inheritedEnvironment(),
      ISSUER: url('sign-on'),
      PORT: String(ports[name]),
      CLIENT_ID: clientIds[name],
      NEIGHBOURS: JSON.stringify(
        (['ncwd', 'ncwb', 'ca4', 'ncmd', 'vendor'] as const)
          .filter((other) => other !== name)
          .map((other) => ({ name: labels[other], url: `${url(other)}/` })),
      ),
      ...own,
    })
  court('ca4-api', { CLIENT_SECRET: credentials.ca4ApiSecret })
  court('ncwd', { PRIVATE_KEY_FILE: keyFile })
  court('ncwb', { CLIENT_SECRET: credentials.ncwbSecret })
  court('ca4', { CLIENT_SECRET: credentials.ca4Secret, API_URL: url('ca4-api') })
  court('ncmd', { CLIENT_SECRET: credentials.ncmdSecret })
  court('vendor', { CLIENT_SECRET: credentials.vendorSecret })
  await Promise.all(
    names.filter((name) => name !== 'sign-on').map((name) => isReady(name, `${url(name)}/healthz`)),
  )

  const width = Math.max(...names.map((name) => labels[name].length))
  console.log(`
${names.map((name) => `  ${labels[name].padEnd(width)}  ${url(name)}`).join('\n')}

${describeAccounts(readFileSync(accountsFile, 'utf8'), ['ncwd', 'ncwb', 'ca4'])}

At ncwd this holds from its go-live on. Others there, with the same password: manager-of-ncwd, robert-oldfiler, vera-oldfiler,
wrongly-linked.

Sign in at ${url('ca4')} as jdoe-attorney, then open ${url('ncwb')} and ${url('ncwd')}.

The district court has announced its go-live, and is not live yet. To make it live now, as manager-of-ncwd press “Go live now” at
  ${url('sign-on')}/staff/courts/ncwd/go-live
or run
  CSO_DATA_DIR=.data/demo CSO_KEYS_DIR=.data/demo/keys npm run cli -- apply .data/demo/go-live-now.yaml
Then, as robert-oldfiler, link the old account roldfiler, password “old court password 7”, at
  ${url('sign-on')}/account/courts/ncwd/link
or as vera-oldfiler the old account voldfiler, password “old court password 8”: it came without a hash, and the court itself checks it.
A clerk linked one Jones to the account of another: clerk-of-ncwd undoes it at
  ${url('sign-on')}/staff/courts/ncwd/links

${url('ncmd')} still has its old login; ${url('vendor')} asks whether it may act for you.
What you are and what you allowed is at ${url('sign-on')}/account.
Create an account at ${url('sign-on')}/register; le1234 upgrades on the way to a court.
Forgotten username or password: ${url('sign-on')}/recover, for example with jane.doe@example.com.
Messages that it sends are at ${url('sign-on')}/mailbox.
The clerk of the bankruptcy court decides on requests at ${url('sign-on')}/staff/courts/ncwb, as clerk-of-ncwb.
The PACER Service Center works at ${url('sign-on')}/staff/support, as support-person.
Logs and data are in .data/demo. Ctrl-C stops everything.`)
}

function choosePorts(base = '3000'): Readonly<Record<Name, number>> {
  const first = Number(base)
  if (!/^\d{4,5}$/.test(base) || first < 1024 || first > 65_535 - names.length) {
    throw new DemoError(`DEMO_PORT must be a port from 1024 to ${65_535 - names.length}.`)
  }
  const ports = names.map((name, index) => [name, first + index])
  return Object.fromEntries(ports) as Record<Name, number>
}

async function requireFree(ports: Readonly<Record<Name, number>>): Promise<void> {
  const taken: Name[] = []
  for (const name of names) if (!(await isFree(ports[name]))) taken.push(name)
  if (taken.length === 0) return
  const list = taken.map((name) => `  ${ports[name]}, for ${labels[name]}`).join('\n')
  throw new DemoError(
    `These ports are taken, perhaps by a demo that still runs:\n${list}\n` +
      'Stop what uses them, or choose seven others: DEMO_PORT=4000 npm run demo',
  )
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/** Whatever is set for another installation must not reach this one. */
function inheritedEnvironment(): Record<string, string | undefined> {
  const isForeign = (name: string) =>
    name.startsWith('CSO_') || name === 'DATABASE_URL' || name === 'REDIS_URL'
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign(name)))
}

function signOnEnvironment(issuer: string, port: number): Record<string, string | undefined> {
  return {
    ...inheritedEnvironment(),
    CSO_ISSUER: issuer,
    CSO_PORT: String(port),
    CSO_DATA_DIR: dataDirectory,
    CSO_KEYS_DIR: join(dataDirectory, 'keys'),
  }
}

function fill(env: Record<string, string | undefined>, files: string[]): void {
  const args = [...process.execArgv, 'src/cli/main.ts', 'apply', ...files]
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' })
  if (status !== 0) throw new DemoError(`The database could not be filled:\n${stderr.trim()}`)
}

/** Runs a program of the demo on the database, before the server has it. */
function prepare(env: Record<string, string | undefined>, program: string): void {
  const args = [...process.execArgv, `demo/${program}`]
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' })
  if (status !== 0) throw new DemoError(`The demo could not be prepared:\n${stderr.trim()}`)
}

function start(name: Name, args: string[], env: Record<string, string | undefined>): void {
  const log = openSync(logFile(name), 'w', 0o600)
  const child = spawn(process.execPath, [...process.execArgv, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  running.set(name, child)
  child.once('exit', () => {
    running.delete(name)
    if (!isStopping) fail(new DemoError(`${labels[name]} has stopped.${lastLines(name)}`))
  })
}

function logFile(name: Name): string {
  return join(dataDirectory, `${name}.log`)
}

function lastLines(name: Name): string {
  const lines = readFileSync(logFile(name), 'utf8').trim().split('\n').slice(-10)
  return ` The end of ${logFile(name)}:\n${lines.join('\n')}`
}

async function isReady(name: Name, url: string): Promise<void> {
  const giveUpAt = Date.now() + readySeconds * 1000
  while (!isStopping) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.ok) return
    if (Date.now() > giveUpAt) {
      throw new DemoError(`${labels[name]} is not ready after ${readySeconds} s.${lastLines(name)}`)
    }
    await sleep(100)
  }
}

async function stopAll(): Promise<void> {
  if (isStopping) return
  isStopping = true
  for (const child of running.values()) child.kill('SIGTERM')
  const giveUpAt = Date.now() + stopSeconds * 1000
  while (running.size > 0 && Date.now() < giveUpAt) await sleep(50)
  for (const child of running.values()) child.kill('SIGKILL')
}

function fail(error: unknown): void {
  if (isStopping) return
  console.error(error instanceof DemoError ? `\n${error.message}` : error)
  process.exitCode = 1
  void stopAll()
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!isStopping) console.log('\nStopping ...')
    void stopAll()
  })
}
main().catch(fail)
