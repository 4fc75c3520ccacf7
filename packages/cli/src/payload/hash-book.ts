import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** What identifies a file's content: while all of this is unchanged, so is the content. */
interface Identity {
  readonly size: number
  readonly inode: number
  readonly mtimeMs: number
  /** Changes with every write and, unlike the modification time, cannot be set back. */
  readonly ctimeMs: number
}

interface Entry extends Identity {
  /** SHA-256 of the content, in hex. */
  readonly sha256: string
}

/** A cache of large files' hashes, so that the next deploy need not read them again. */
export interface HashBook {
  /** The SHA-256 of a file's content, in hex, and its size. */
  hashOf(path: string): Promise<{ readonly sha256: string; readonly sizeBytes: number }>
  /** Stores the hashes that were asked for this time, and drops all others. */
  save(): Promise<void>
}

/**
 * Opens the cache at a path; an unreadable one is replaced.
 *
 * @param settledAfterMs a file changed more recently than this is not cached: it may change again within the same
 * clock tick
 */
export async function openHashBook(
  path: string,
  { settledAfterMs = 2000 }: { readonly settledAfterMs?: number } = {},
): Promise<HashBook> {
  const known = await readEntries(path)
  const asked = new Map<string, Entry>()
  return {
    async hashOf(file) {
      const { size, ino: inode, mtimeMs, ctimeMs } = await stat(file)
      const is: Identity = { size, inode, mtimeMs, ctimeMs }
      const entry = known.get(file)
      const sha256 = entry !== undefined && isSame(entry, is) ? entry.sha256 : await sha256Of(file)
      if (Date.now() - ctimeMs >= settledAfterMs) asked.set(file, { ...is, sha256 })
      return { sha256, sizeBytes: size }
    },
    async save() {
      const fresh = `${path}.${process.pid}.partial`
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeFile(fresh, JSON.stringify([...asked]), { mode: 0o600 })
        await rename(fresh, path)
      } catch {
        // Without the cache, the next deploy takes a second longer.
        await rm(fresh, { force: true }).catch(() => {})
      }
    },
  }
}

function isSame(one: Identity, other: Identity): boolean {
  return (
    one.size === other.size &&
    one.inode === other.inode &&
    one.mtimeMs === other.mtimeMs &&
    one.ctimeMs === other.ctimeMs
  )
}

async function readEntries(path: string): Promise<ReadonlyMap<string, Entry>> {
  try {
    const entries: readonly (readonly [string, Entry])[] = JSON.parse(await readFile(path, 'utf8'))
    return new Map(entries)
  } catch {
    return new Map()
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}
