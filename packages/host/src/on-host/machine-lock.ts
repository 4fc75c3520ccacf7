import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { HostError } from '../errors.ts'
import { dataFolder } from '../layout.ts'
import { readText, type Machine } from '../machine/machine.ts'
import { until } from '../until.ts'
import type { Changer } from './verb.ts'

const lockPath = `${dataFolder}/deploy-lock.db`
const holderPath = `${dataFolder}/deploy-holder.json`

/** The holder of the lock, for those who wait and for the next holder. */
export interface LockHolder extends Changer {
  readonly verb: string
}

/** The holder, and since when (ISO 8601). */
export interface HeldBy extends LockHolder {
  readonly since: string
}

/** How the lock is taken. */
export interface LockOptions {
  readonly holder: LockHolder
  readonly waitS: number
  readonly onWaiting: (holder: string) => void
}

/** The lock on the machine, held by this program. */
export interface MachineLock extends AsyncDisposable {
  /** The previous holder, if it was killed before its change was complete. */
  readonly killed: HeldBy | undefined
}

/**
 * Takes the lock on the machine: one change at a time.
 *
 * It is SQLite's file lock, which the kernel releases with the process, however that ends, so it can never become
 * stale.
 *
 * @throws HostError `SOEN_DEPLOY_LOCKED` with the holder's name
 */
export async function lockMachine(
  machine: Machine,
  { holder, waitS, onWaiting }: LockOptions,
): Promise<MachineLock> {
  const path = join(machine.root, lockPath)
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  let hasSaid = false
  const take = async (): Promise<Disposable | undefined> => {
    const lock = tryLock(path)
    if (lock !== undefined || hasSaid || waitS <= 0) return lock
    hasSaid = true
    onWaiting(nameOf(await readHolder(machine)))
    return undefined
  }
  const lock = await until(take, { timeoutMs: waitS * 1000 })
  if (lock === undefined) throw locked(nameOf(await readHolder(machine)))
  try {
    const left = await readHolder(machine)
    // Versions before this one always left the file there, without a version in it.
    const killed = left !== undefined && 'version' in left ? left : undefined
    const entry = { ...holder, since: new Date().toISOString(), pid: process.pid }
    await writeFile(join(machine.root, holderPath), JSON.stringify(entry))
    return {
      killed,
      async [Symbol.asyncDispose]() {
        using _lock = lock
        // A file that stays behind means that its holder was killed. A failure here must not hide the outcome of the
        // change.
        await rm(join(machine.root, holderPath), { force: true }).catch(() => {})
      },
    }
  } catch (error) {
    lock[Symbol.dispose]()
    throw error
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

async function readHolder(machine: Machine): Promise<HeldBy | undefined> {
  try {
    return JSON.parse((await readText(machine, holderPath)) ?? '')
  } catch {
    return undefined
  }
}

function nameOf(holder: HeldBy | undefined): string {
  return holder === undefined ? 'somebody else' : `${holder.by} (${holder.verb}, since ${holder.since})`
}

function locked(who: string): HostError {
  return new HostError(`The machine is being changed by ${who}.`, {
    code: 'SOEN_DEPLOY_LOCKED',
    hint: 'Try again when that is done, or wait for it: --wait 600. A deploy whose terminal was killed ends after its current step.',
  })
}
