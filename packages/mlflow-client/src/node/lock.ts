import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { FILE_MODE, readJson } from './json-file.ts'
import { lazyCrypto } from './lazy-crypto.ts'
import { isMissing } from './missing.ts'
import { isOwner, isSame, livesStill, thisProcess } from './owner.ts'

/** How often an owner renews its lease. */
export const RENEW_MS = 5000
/** A process on another host or in another container whose lease is older than this is taken for dead. */
export const LEASE_MS: number = 5 * 60_000
/** A lock that cannot be parsed may be in the middle of being written. */
const TORN_MS = 10_000

/** How leases are judged. */
export interface LeaseOptions {
  /** A shorter lease, for locks that are held only briefly. */
  readonly leaseMs?: number
}

/**
 * Lock a folder for this process.
 *
 * @returns false when a process that lives, or may live on another host or in another container, holds the lock
 */
export function takeLock(folder: string, { leaseMs = LEASE_MS }: LeaseOptions = {}): boolean {
  const path = join(folder, 'lock')
  const draft = `${path}.${lazyCrypto().randomUUID()}`
  const text = JSON.stringify(thisProcess())
  writeFileSync(draft, text, { mode: FILE_MODE })
  try {
    if (place(draft, text, path)) return true
    // Hosts' clocks differ; both times are from the clock of the machine that stores the files.
    const nowMs = statSync(draft).mtimeMs
    const isFree = (lock: string): boolean => !isHeld(lock, nowMs, leaseMs)
    // A second try, once a dead owner's lock is removed.
    return isFree(path) && removeDead(path, isFree) && place(draft, text, path)
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * Renew the lease.
 *
 * @returns false when the folder no longer belongs to this process
 */
export function renewLock(folder: string): boolean {
  try {
    const fd = openSync(join(folder, 'lock'), 'r+')
    try {
      const text = readFileSync(fd, 'utf8')
      const owner: unknown = JSON.parse(text)
      if (!isOwner(owner) || !isSame(owner, thisProcess())) return false
      // The same content: only the time stamp matters.
      writeSync(fd, text, 0)
      return true
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    // A temporary failure of the disk does not cost the lock.
    return !isMissing(error)
  }
}

/** Release a folder; one that another process has taken meanwhile stays locked. */
export function releaseLock(folder: string): void {
  const path = join(folder, 'lock')
  const owner = readJson(path, isOwner)
  if (owner !== undefined && isSame(owner, thisProcess())) rmSync(path, { force: true })
}

/** Whether a process holds the folder: this one, another that lives, or one that may live elsewhere. */
export function isLocked(folder: string): boolean {
  return isHeld(join(folder, 'lock'), Date.now(), LEASE_MS)
}

function isHeld(lock: string, nowMs: number, leaseMs: number): boolean {
  // Read before its age is checked: opening a file is what refreshes its time stamp on a network file system.
  const owner = readJson(lock, isOwner)
  const found = statSync(lock, { throwIfNoEntry: false })
  if (found === undefined) return false
  const ageMs = nowMs - found.mtimeMs
  return owner === undefined ? ageMs < TORN_MS : (livesStill(owner) ?? ageMs < leaseMs)
}

/**
 * Create the lock unless there is one. Only one of two racing processes wins, and nobody sees a half-written lock.
 */
function place(draft: string, text: string, path: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    return codeOf(error) === 'EEXIST' ? false : placeWithoutLink(text, path)
  }
}

/** For file systems without hard links. */
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
 * Remove a dead owner's lock.
 *
 * @returns false when another process was faster and the lock now belongs to a living one
 */
function removeDead(path: string, isFree: (lock: string) => boolean): boolean {
  const aside = `${path}.${lazyCrypto().randomUUID()}`
  try {
    renameSync(path, aside)
    if (isFree(aside)) return true
    linkSync(aside, path)
    return false
  } catch (error) {
    if (['ENOENT', 'EEXIST'].includes(codeOf(error))) return false
    throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
