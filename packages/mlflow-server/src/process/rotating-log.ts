import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { hasErrorCode } from '../errors.ts'

/** The size at which the log is rotated. */
export interface RotatingLogOptions {
  readonly path: string
  readonly maxBytes?: number
}

/** An append-only log file with a size limit; one older part is kept as `PATH.1`. */
export interface RotatingLog {
  write(chunk: Uint8Array | string): void
  /** Logs everything that a program prints, until it ends. */
  follow(stream: Readable): void
  close(): void
}

/** Opens the log of one program, readable by its owner alone. */
export function openRotatingLog({ path, maxBytes = 10 * 1024 * 1024 }: RotatingLogOptions): RotatingLog {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  let file: number | undefined = openSync(path, 'a', 0o600)
  let sizeBytes = statSync(path).size

  const log: RotatingLog = {
    write(chunk) {
      if (file === undefined) return
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      if (sizeBytes > 0 && sizeBytes + bytes.length > maxBytes) {
        closeSync(file)
        renameSync(path, `${path}.1`)
        file = openSync(path, 'a', 0o600)
        sizeBytes = 0
      }
      try {
        sizeBytes += writeSync(file, bytes)
      } catch (error) {
        // A full disk must not end the platform: the program matters more than its log.
        if (!hasErrorCode(error, 'ENOSPC')) throw error
      }
    },
    follow(stream) {
      stream.on('data', (chunk: Buffer) => log.write(chunk))
    },
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
  return log
}
