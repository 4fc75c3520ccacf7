import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { HostError } from '../errors.ts'
import type { Machine } from '../machine/machine.ts'

const lockPath = '/var/lib/soen/deploy-lock.db'
const holderPath = '/var/lib/soen/deploy-holder.json'

/** Who holds the machine, for the one who waits. */
interface LockHolder {
  readonly by: string
  readonly verb: string
}

/** How the lock is taken. */
export interface LockOptions {
  readonly holder: LockHolder
  readonly waitS: number
  readonly onWaiting: (holder: string) => void
}

/**
 * Holds the machine for one change at a time.
 *
 * SQLite's lock is the kernel's own: it ends with the process, however that ends, so that there is never a
 * stale one to remove.
 *
 * @throws HostError `SOEN_DEPLOY_LOCKED` with the holder's name
 */
export async function lockMachine(
  machine: Machine,
  { holder, waitS, onWaiting }: LockOptions,
): Promise<Disposable> {
  const path = join(machine.root, lockPath)
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  const deadline = performance.now() + waitS * 1000
  for (let isFirst = true; ; isFirst = false) {
    const lock = tryLock(path)
    if (lock !== undefined) {
      const since = new Date().toISOString()
      const entry = { ...holder, since, pid: process.pid }
      await writeFile(join(machine.root, holderPath), JSON.stringify(entry))
      return lock
    }
    const who = nameOfHolder(machine)
    if (performance.now() >= deadline) throw locked(who)
    if (isFirst) onWaiting(who)
    await sleep(250)
  }
}

function tryLock(path: string): Disposable | undefined {
  const database = new DatabaseSync(path)
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return { [Symbol.dispose]: () => database.close() }
  } catch (error) {
    database.close()
    if (String(error).includes('locked')) return undefined
    throw error
  }
}

function nameOfHolder(machine: Machine): string {
  try {
    const { by, verb, since } = Object(JSON.parse(readFileSync(join(machine.root, holderPath), 'utf8')))
    return `${by} (${verb}, since ${since})`
  } catch {
    return 'somebody else'
  }
}

function locked(who: string): HostError {
  return new HostError(`The machine is being changed by ${who}.`, {
    code: 'SOEN_DEPLOY_LOCKED',
    hint: 'Try again when that is done, or wait for it: --wait 600. A deploy whose terminal was killed ends after its current step.',
  })
}
