import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasErrorCode } from '@soen/mlflow-server'
import { CliError, explain } from '../errors.ts'

/** Several times what a first start writes: two databases with their journals, and the logs. */
const neededBytes = 16e6

/** A failed start frees less than this: with no more free space than that, the disk was full. */
const exhaustedBytes = 4e6

/** Errors that would also occur on an empty disk. */
const otherReasons: ReadonlySet<string> = new Set([
  'SOEN_DISK_FULL',
  'SOEN_ALREADY_RUNNING',
  'SOEN_PORT_BUSY',
  'SOEN_PORT_REFUSED',
  'SOEN_FILE_REFUSED',
])

/**
 * Checks, before anything slow is started, that the disk has room for what a platform writes.
 *
 * @throws CliError `SOEN_DISK_FULL`
 */
export async function requireFreeSpace(folder: string): Promise<void> {
  const bytes = await freeBytes(folder)
  if (bytes < neededBytes) throw diskFull(folder, bytes)
}

/** Why a platform did not start: the full disk if that is behind it, else the error itself. */
export async function realReason(error: unknown, folder: string): Promise<unknown> {
  const { code } = explain(error)
  const isFull = code === 'SOEN_FILE_REFUSED' && saysFull(error)
  if (otherReasons.has(code) && !isFull) return error
  const bytes = await freeBytes(folder)
  return bytes < exhaustedBytes || saysFull(error) ? diskFull(folder, bytes, error) : error
}

function diskFull(folder: string, bytes: number, cause?: unknown): CliError {
  // A quota on bytes or files may be exhausted while the disk itself has free bytes.
  const free = bytes < neededBytes ? ` (${Math.floor(bytes / 1e6)} MB free)` : ''
  return new CliError(`The disk of ${folder} is full${free}.`, {
    code: 'SOEN_DISK_FULL',
    hint: 'Free about 100 MB there and run the same command again, or choose a folder on another disk: soen up --home FOLDER',
    cause,
  })
}

function saysFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return hasErrorCode(error, 'ENOSPC') || hasErrorCode(error, 'EDQUOT') || saysFull(error.cause)
}

/** Free bytes on the disk of a folder, which need not exist yet; infinity where that cannot be determined. */
async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch (error) {
    const parent = dirname(folder)
    return hasErrorCode(error, 'ENOENT') && parent !== folder ? freeBytes(parent) : Infinity
  }
}
