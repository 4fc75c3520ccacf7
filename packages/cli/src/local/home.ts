import { existsSync } from 'node:fs'
import { access, constants, mkdir } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { dirname, join, resolve } from 'node:path'
import { cacheFolder, dataFolder, hasErrorCode, maxSocketPathBytes } from '@soen/mlflow-server'

/** The folders and files of one local platform. */
export interface Home {
  readonly path: string
  readonly database: string
  readonly artifacts: string
  readonly accounts: string
  readonly logs: string
  /** Sockets and other files that are valid only while the platform runs. */
  readonly run: string
  readonly lock: string
  readonly controlSocket: string
  readonly mlflowSocket: string
}

/** How the home is found. */
export interface FindHomeOptions {
  /** `--home`, else `SOEN_HOME`. */
  readonly chosen?: string | undefined
  readonly from?: string
  readonly userFolder?: string
}

const folderName = '.soen'

/** The chosen folder, else the nearest `.soen` at or above the current folder, else the user's own. */
export function findHome(options: FindHomeOptions = {}): Home {
  const { chosen, from = process.cwd(), userFolder = join(dataFolder(), 'local') } = options
  if (chosen !== undefined) return homeAt(resolve(from, chosen))
  return homeAt(nearest(from) ?? userFolder)
}

/** The layout of a platform's home. */
export function homeAt(path: string, cache: string = cacheFolder()): Home {
  const run = socketFolder(path, cache)
  return {
    path,
    database: join(path, 'data', 'mlflow.db'),
    artifacts: join(path, 'data', 'artifacts'),
    accounts: join(path, 'data', 'accounts.db'),
    logs: join(path, 'logs'),
    run,
    lock: join(path, 'lock.db'),
    controlSocket: join(run, 'control.sock'),
    mlflowSocket: join(run, 'mlflow.sock'),
  }
}

/** Creates the folders, accessible to this user alone. */
export async function prepareHome(home: Home): Promise<void> {
  for (const folder of [home.path, home.run, home.logs, home.artifacts]) {
    await createFolder(folder)
    await access(folder, constants.W_OK)
  }
}

/** Creates a folder and its parents one by one: Node's recursive `mkdir` never returns below `/proc`. */
async function createFolder(path: string): Promise<void> {
  if (existsSync(path)) return
  if (!existsSync(dirname(path))) await createFolder(dirname(path))
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    if (!hasErrorCode(error, 'EEXIST')) throw error
  })
}

function nearest(from: string): string | undefined {
  const candidate = join(from, folderName)
  if (existsSync(candidate)) return candidate
  const parent = dirname(from)
  return parent === from ? undefined : nearest(parent)
}

/** The kernel limits the length of a socket's path: a home with a long path has its sockets in the cache folder. */
function socketFolder(path: string, cache: string): string {
  const inside = join(path, 'run')
  if (Buffer.byteLength(join(inside, 'control.sock')) <= maxSocketPathBytes) return inside
  return join(cache, 'run', createHash('sha256').update(path).digest('hex').slice(0, 8))
}
