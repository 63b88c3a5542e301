/**
 * Runs one of our TypeScript files: `node scripts/run.mjs [--services] [--generate] [node flags]
 * FILE [arguments]`. It is the first thing that runs after a clone, on whatever Node there is (18 or
 * newer, nothing installed), and brings everything else up to date:
 *
 *   1. dependencies, when `package-lock.json` is not what `node_modules` was installed from;
 *   2. the Node that the repository carries as a dependency;
 *   3. the Prisma client, when the schema is not what it was generated from;
 *   4. with `--services`: the programs that tests and benchmark start (`services.mjs`);
 *   5. then FILE, on the carried Node, with our input, output, signals and exit code.
 *
 * `--generate` without FILE stops after step 3.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { constants } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { outputOf, runToEnd } from './run-to-end.mjs'
import { ensureServices } from './services.mjs'

const lockWaitSeconds = 600
const oldestNode = 24
/**
 * Nothing of ours or of our dependencies reads `__proto__`; whoever does is attacking. Code that is
 * run by vitest is transformed by tools which are not held to that.
 */
const nodeFlags = ['--disable-warning=ExperimentalWarning', '--disable-proto=throw']

/** The arguments, taken apart. Flags before the file that are not ours are Node's. */
export function parseArguments(values) {
  const file = values.findIndex((value) => !value.startsWith('-'))
  const flags = file < 0 ? values : values.slice(0, file)
  return {
    withServices: flags.includes('--services'),
    generateOnly: flags.includes('--generate') && file < 0,
    nodeFlags: flags.filter((flag) => flag !== '--services' && flag !== '--generate'),
    file: file < 0 ? undefined : values[file],
    rest: file < 0 ? [] : values.slice(file + 1),
  }
}

export function sha256Hex(...parts) {
  const hash = createHash('sha256')
  // A separator, so that moving a character from one part to the next is a difference.
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

/** What `node_modules` has to be installed from. */
export function lockStamp(root) {
  return sha256Hex(readFileSync(join(root, 'package-lock.json')))
}

/** What the Prisma client has to be generated from: the schema and the generator's version. */
export function schemaStamp(root) {
  const manifest = readFileSync(join(root, 'node_modules/prisma/package.json'), 'utf8')
  const folder = join(root, 'prisma/schema')
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.prisma'))
    .sort()
  return sha256Hex(
    String(JSON.parse(manifest).version),
    ...files.flatMap((name) => [name, readFileSync(join(folder, name))]),
  )
}

const lockStampFile = (root) => join(root, 'node_modules/.cso-lock-sha256')
const schemaStampFile = (root) => join(root, 'src/storage/generated/.schema-sha256')

/** True when the stamp file holds exactly this stamp. */
export function isStamped(file, stamp) {
  return existsSync(file) && readFileSync(file, 'utf8').trim() === stamp
}

/**
 * Whether npm's own record of an installation (`node_modules/.package-lock.json`) has every package
 * of the lock file at its version; optional ones may be absent, they are for other platforms. So an
 * installation made by hand counts too.
 */
export function isInstalledFrom(lock, installed) {
  const present = installed?.packages ?? {}
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '' || wanted.link) return true
    const found = present[path]
    if (!found) return wanted.optional === true || wanted.devOptional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

/** Brings `node_modules` up to date with the lock file. */
export async function ensureDependencies(root) {
  const stamp = lockStamp(root)
  if (isStamped(lockStampFile(root), stamp)) return
  await exclusively(root, async () => {
    if (isStamped(lockStampFile(root), stamp)) return
    const installed = readJson(join(root, 'node_modules/.package-lock.json'))
    if (!isInstalledFrom(readJson(join(root, 'package-lock.json')), installed)) await install(root)
    writeFileSync(lockStampFile(root), `${stamp}\n`)
  })
}

async function install(root) {
  console.error('Installing dependencies ...')
  // Development dependencies are needed even where NODE_ENV says production: Prisma's generator is one.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--include=dev']
  const npm = process.env['npm_execpath']
  const result =
    npm && /^npm(-cli)?\.c?js$/.test(basename(npm))
      ? await runToEnd(process.execPath, [npm, ...args], { cwd: root })
      : await runToEnd('npm', args, { cwd: root, shell: process.platform === 'win32' })
  if (result.status !== 0) throw new Error(`npm ci failed:\n${outputOf(result)}`)
}

/**
 * The Node that runs our code: the carried one, else the running one when it is new enough.
 * @throws Error that says what to do.
 */
export function findNode(root, platform = process.platform, arch = process.arch) {
  const [system, program] = platform === 'win32' ? ['win', 'node.exe'] : [platform, 'node']
  const carried = join(root, 'node_modules', `node-${system}-${arch}`, 'bin', program)
  if (existsSync(carried)) return carried
  if (Number(process.versions.node.split('.')[0]) >= oldestNode) return process.execPath
  throw new Error(
    `Node ${oldestNode} is needed; this is ${process.version}, and none is carried for ` +
      `${platform} on ${arch}. Install Node ${oldestNode} from https://nodejs.org and try again.`,
  )
}

/** Brings the Prisma client up to date with the schema. */
export async function ensurePrismaClient(root, node) {
  const stamp = schemaStamp(root)
  if (isStamped(schemaStampFile(root), stamp)) return
  await exclusively(root, async () => {
    if (isStamped(schemaStampFile(root), stamp)) return
    await generate(root, node)
    writeFileSync(schemaStampFile(root), `${stamp}\n`)
  })
}

async function generate(root, node) {
  // The generator itself needs no engine, but the command would download one unless it finds a file
  // where it was told to look. It is never run.
  const engine = ['/bin/true', '/usr/bin/true'].find((path) => existsSync(path)) ?? node
  const result = await runToEnd(
    node,
    [join(root, 'node_modules/prisma/build/index.js'), 'generate'],
    {
      cwd: root,
      env: {
        PRISMA_SCHEMA_ENGINE_BINARY: engine,
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        ...process.env,
      },
    },
  )
  if (result.status !== 0) throw new Error(`prisma generate failed:\n${outputOf(result)}`)
}

/**
 * Runs `work` while no other process on this checkout does. The lock is a file that names its owner;
 * one whose owner has died is taken over. It is outside `node_modules`, which `npm ci` removes.
 */
export async function exclusively(root, work) {
  const lock = join(root, '.data/prepare.lock')
  const draft = `${lock}.${process.pid}`
  const giveUpAt = Date.now() + lockWaitSeconds * 1000
  mkdirSync(dirname(lock), { recursive: true })
  writeFileSync(draft, String(process.pid))
  try {
    while (!tryLink(draft, lock)) {
      removeIfAbandoned(lock, `${draft}.abandoned`)
      if (Date.now() > giveUpAt) throw new Error(`Another run holds ${lock}; remove it if none is.`)
      await sleep(200)
    }
    try {
      return await work()
    } finally {
      rmSync(lock, { force: true })
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

/** A link appears with its content at once, or not at all because the name is taken. */
function tryLink(draft, lock) {
  try {
    linkSync(draft, lock)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function removeIfAbandoned(lock, aside) {
  try {
    if (isAlive(Number(readFileSync(lock, 'utf8')))) return
    renameSync(lock, aside)
    // Between reading and moving, another process may have taken over and locked again: put it back.
    if (isAlive(Number(readFileSync(aside, 'utf8')))) tryLink(aside, lock)
    rmSync(aside)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/**
 * npm runs us through a shell that does not hand a signal on: told to end, npm ends the shell, and we
 * would go on without anybody who could end us.
 */
function watchParent(onGone) {
  if (!process.env['npm_lifecycle_event']) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) onGone()
  }, 500).unref()
}

/**
 * Where Node keeps what it made of our files and our dependencies' (decision 0100): a start costs half of
 * the time then. Where the folder cannot be written, Node goes on without.
 */
export function compileCache(root) {
  return join(root, 'node_modules/.cache/node-compile-cache')
}

/** Runs the file on `node` in place of this process: same streams, signals handed on, its exit code. */
function hand(root, node, args) {
  const env = { NODE_COMPILE_CACHE: compileCache(root), ...process.env }
  const child = spawn(node, args, { cwd: root, env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C on a terminal reaches the child directly; a second one would mean "at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  watchParent(() => child.kill('SIGTERM'))
  child.on('error', (error) => {
    console.error(error.message)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
  })
}

async function main(root, values) {
  const wanted = parseArguments(values)
  if (!wanted.file && !wanted.generateOnly) {
    throw new Error('Usage: node scripts/run.mjs [--services] [--generate] [node flags] FILE ...')
  }
  await ensureDependencies(root)
  const node = findNode(root)
  await ensurePrismaClient(root, node)
  if (wanted.withServices) await ensureServices()
  if (wanted.file) {
    hand(root, node, [...nodeFlags, ...wanted.nodeFlags, wanted.file, ...wanted.rest])
  }
}

const here = fileURLToPath(import.meta.url)
if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(here)) {
  main(dirname(dirname(here)), process.argv.slice(2)).catch((error) => {
    console.error(error.message)
    process.exitCode = error.exitCode ?? 1
  })
}
