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

/** How often an owner gives a sign of life. */
export const RENEW_MS = 5000
/** A process of another host or container that gave no sign for so long is taken for dead. */
export const LEASE_MS: number = 5 * 60_000
/** What cannot be read may be in the middle of being written. */
const TORN_MS = 10_000

/** How a lock is looked at. */
export interface LeaseOptions {
  /** For locks that are held for less than the usual time. */
  readonly leaseMs?: number
}

/**
 * Take a folder for this process.
 *
 * @returns false when a process has it that lives, or may live on another host or in another container
 */
export function takeLock(folder: string, { leaseMs = LEASE_MS }: LeaseOptions = {}): boolean {
  const path = join(folder, 'lock')
  const draft = `${path}.${lazyCrypto().randomUUID()}`
  const text = JSON.stringify(thisProcess())
  writeFileSync(draft, text, { mode: FILE_MODE })
  try {
    if (place(draft, text, path)) return true
    // Hosts' clocks differ; both times are from the clock of the machine that keeps the files.
    const nowMs = statSync(draft).mtimeMs
    const isFree = (lock: string): boolean => !isHeld(lock, nowMs, leaseMs)
    // The second try is for when a dead owner's lock is gone.
    return isFree(path) && removeDead(path, isFree) && place(draft, text, path)
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * Give a sign of life.
 *
 * @returns false when the folder is not this process's any more
 */
export function renewLock(folder: string): boolean {
  try {
    const fd = openSync(join(folder, 'lock'), 'r+')
    try {
      const text = readFileSync(fd, 'utf8')
      const owner: unknown = JSON.parse(text)
      if (!isOwner(owner) || !isSame(owner, thisProcess())) return false
      // The same again: what counts is the time of it.
      writeSync(fd, text, 0)
      return true
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    // A disk that refuses for now takes nothing away.
    return !isMissing(error)
  }
}

/** Give a folder back; what another process has taken meanwhile stays its own. */
export function releaseLock(folder: string): void {
  const path = join(folder, 'lock')
  const owner = readJson(path, isOwner)
  if (owner !== undefined && isSame(owner, thisProcess())) rmSync(path, { force: true })
}

/** Whether a process works on the folder: this one, one that lives, or one that may live elsewhere. */
export function isLocked(folder: string): boolean {
  return isHeld(join(folder, 'lock'), Date.now(), LEASE_MS)
}

function isHeld(lock: string, nowMs: number, leaseMs: number): boolean {
  // Read before it is looked at: a file that is opened is as new as the machine that keeps it.
  const owner = readJson(lock, isOwner)
  const found = statSync(lock, { throwIfNoEntry: false })
  if (found === undefined) return false
  const ageMs = nowMs - found.mtimeMs
  return owner === undefined ? ageMs < TORN_MS : (livesStill(owner) ?? ageMs < leaseMs)
}

/** Put a lock there unless there is one. Only one of two racers wins, and nobody sees a lock half written. */
function place(draft: string, text: string, path: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    return codeOf(error) === 'EEXIST' ? false : placeWithoutLink(text, path)
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
