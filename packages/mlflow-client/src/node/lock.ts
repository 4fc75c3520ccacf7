import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FILE_MODE, hasShape, readJson } from './json-file.ts'
import { lazyCrypto } from './lazy-crypto.ts'

/** Who works on a journal. */
interface Owner {
  readonly pid: number
  /** Tells a process from a later one that got the same number. */
  readonly started: string
}

/**
 * Take a journal for this process.
 *
 * @returns false when a living process has it
 */
export function takeLock(folder: string): boolean {
  const path = join(folder, 'lock')
  const mine: Owner = { pid: process.pid, started: processStart(process.pid) ?? '' }
  // Two tries: the second after a dead owner's lock is gone.
  return place(mine, path) || (!isLocked(folder) && removeDead(path) && place(mine, path))
}

/** Give a journal back. */
export function releaseLock(folder: string): void {
  rmSync(join(folder, 'lock'), { force: true })
}

/** Whether a living process, this one included, works on the journal. */
export function isLocked(folder: string): boolean {
  return isAlive(join(folder, 'lock'))
}

/** Put a lock there unless there is one. Only one of two racers wins, and nobody sees a lock half written. */
function place(owner: Owner, path: string): boolean {
  const draft = `${path}.${lazyCrypto().randomUUID()}`
  const text = JSON.stringify(owner)
  writeFileSync(draft, text, { mode: FILE_MODE })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    return placeWithoutLink(text, path)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** For file systems that have no hard links. */
function placeWithoutLink(text: string, path: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: FILE_MODE })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/**
 * Take a dead owner's lock away.
 *
 * @returns false when a racer was faster and the lock is a living process's by now
 */
function removeDead(path: string): boolean {
  const aside = `${path}.${lazyCrypto().randomUUID()}`
  try {
    renameSync(path, aside)
    if (!isAlive(aside)) return true
    linkSync(aside, path)
    return false
  } catch (error) {
    if (['ENOENT', 'EEXIST'].includes(codeOf(error))) return false
    throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function isAlive(lock: string): boolean {
  const owner = readJson(lock, isOwner)
  if (owner === undefined) return false
  const started = processStart(owner.pid)
  return started !== undefined && (owner.started === '' || started === '' || started === owner.started)
}

/** The start time of a process in the kernel's own count; '' where it is not told, nothing when it is dead. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name may hold spaces and brackets; fields are counted from the last closing one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : (fields[19] ?? '')
  } catch {
    return isRunning(pid) ? '' : undefined
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function isOwner(value: unknown): value is Owner {
  return hasShape(value, { pid: 'number', started: 'string' })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
