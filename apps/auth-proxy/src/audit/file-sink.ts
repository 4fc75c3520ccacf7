import { mkdir, open, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import type { Aged, Sink } from './backlog.ts'
import { fileName, listFiles, readLines, readTail } from './folder.ts'
import { lineOf, readLine } from './record.ts'
import type { AuditRecord } from './record.ts'

interface Options {
  readonly folder: string
  readonly writer: string
  readonly maxBytes?: number
  readonly now?: () => Date
}

interface OpenFile {
  readonly handle: FileHandle
  readonly path: string
  readonly inode: number
  readonly day: string
  /** Bytes of whole lines. */
  size: number
}

/** Creates the folder, accessible to this user alone. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    // An existing folder keeps its mode: an operator may have opened it to others on purpose.
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new AuthProxyError({
      code: 'SOEN_AUDIT_FOLDER',
      message: `The audit files cannot be kept in ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'Give --audit-folder a folder of this user, or `none` to keep the table only.',
      cause,
    })
  }
}

/**
 * Stores records as JSON lines in append-only files. Each file belongs to one front door and is followed by
 * another every day and at `maxBytes`; the chain continues across files.
 */
export function fileSink({ folder, writer, maxBytes = 64 * 2 ** 20, now = () => new Date() }: Options): Sink {
  let current: OpenFile | undefined

  return {
    name: 'file',
    async append(records) {
      const [first] = records
      if (first === undefined) return
      const file = await fileFor(first)
      const bytes = Buffer.from(records.map((record) => `${lineOf(record)}\n`).join(''))
      try {
        await file.handle.appendFile(bytes)
        await file.handle.datasync()
        file.size += bytes.length
      } catch (error) {
        // On a full disk a part may have been written: half a line would garble the next one.
        await file.handle.truncate(file.size).catch(() => {})
        throw error
      }
    },
    olderThan: (time) => agedBy(folder, time),
    async drop(upTo) {
      for (const { name, writer: owner } of await listFiles(folder)) {
        const path = join(folder, name)
        const { record } = await readTail(folder, name)
        if (path === current?.path || record === undefined) continue
        if (record.seq <= (upTo[owner] ?? 0)) await rm(path, { force: true })
      }
    },
    close,
  }

  async function close(): Promise<void> {
    const closing = current
    current = undefined
    await closing?.handle.close()
  }

  async function fileFor(first: AuditRecord): Promise<OpenFile> {
    const day = now().toISOString().slice(0, 10)
    if (current !== undefined && current.day === day && current.size < maxBytes && (await isThere(current))) {
      return current
    }
    await close()
    const path = join(folder, fileName(writer, first.seq, now()))
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const handle = await open(path, 'a', 0o600)
    const { ino: inode, size } = await handle.stat()
    current = { handle, path, inode, day, size }
    return current
  }
}

/** Whether the open file still has its name: what is written to a deleted file is lost with it. */
async function isThere({ path, inode }: OpenFile): Promise<boolean> {
  return stat(path).then(
    ({ ino }) => ino === inode,
    () => false,
  )
}

/** The whole files at the beginning of each chain whose records are all older than a time. */
async function agedBy(folder: string, time: string): Promise<Aged> {
  const old: Record<string, number> = {}
  const gone: Record<string, number> = {}
  const seen = new Set<string>()
  const isKept = new Set<string>()
  for (const { name, writer, firstSeq } of await listFiles(folder)) {
    if (!seen.has(writer) && firstSeq > 1) gone[writer] = firstSeq - 1
    seen.add(writer)
    if (isKept.has(writer)) continue
    const { record: last } = await readTail(folder, name)
    if (last === undefined) continue
    if (last.time < time && (await areAllBefore(join(folder, name), time))) old[writer] = last.seq
    else isKept.add(writer)
  }
  return { old, gone }
}

async function areAllBefore(path: string, time: string): Promise<boolean> {
  for await (const { text } of readLines(path)) {
    if ((readLine(text)?.time ?? '') >= time) return false
  }
  return true
}
