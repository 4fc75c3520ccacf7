import { createReadStream } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { isUnaltered, readLine } from './record.ts'
import type { AuditRecord, FileEnd } from './record.ts'

/** One file of records: written by one front door, and never again after that one ended. */
export interface AuditFile {
  readonly name: string
  readonly writer: string
  /** Number of its first record. */
  readonly firstSeq: number
}

/** A line of a file with its position; the last one may lack its line feed. */
export interface FileLine {
  readonly text: string
  /** From 1. */
  readonly number: number
  readonly isWhole: boolean
}

const namePattern = /^\d{8}T\d{9}Z-(?<writer>\w+)-(?<firstSeq>\d+)\.jsonl$/

/** Name of a file that begins now: sorted by name, files are in the order in which they began. */
export function fileName(writer: string, firstSeq: number, now: Date): string {
  const stamp = now.toISOString().replaceAll(/[-:.]/g, '')
  return `${stamp}-${writer}-${firstSeq}.jsonl`
}

/**
 * All files of a folder, the oldest first, and those of one chain in the order of their records, whatever the
 * clock said when they began; none when there is no folder.
 */
export async function listFiles(folder: string): Promise<AuditFile[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files = names.toSorted(byName).flatMap((name) => {
    const { writer, firstSeq } = namePattern.exec(name)?.groups ?? {}
    return writer === undefined ? [] : [{ name, writer, firstSeq: Number(firstSeq) }]
  })
  const chains = Map.groupBy(
    files.toSorted((one, other) => one.firstSeq - other.firstSeq),
    ({ writer }) => writer,
  )
  return files.flatMap(({ writer }) => chains.get(writer)?.shift() ?? [])
}

/** Reads a file line by line, without loading it whole. */
export async function* readLines(path: string): AsyncGenerator<FileLine> {
  let rest = ''
  let number = 0
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${String(chunk)}`.split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) yield { text, number: (number += 1), isWhole: true }
  }
  if (rest !== '') yield { text: rest, number: number + 1, isWhole: false }
}

/** The last whole record of a file, and whether a part of another follows it. */
export async function readTail(
  folder: string,
  file: string,
): Promise<{ readonly record?: AuditRecord; readonly isTorn: boolean }> {
  const handle = await open(join(folder, file), 'r')
  try {
    const { size } = await handle.stat()
    // Longer than any record, which names at most 500 subjects.
    const length = Math.min(size, 256 * 1024)
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length)
    const lines = buffer.toString('utf8').split('\n')
    const isTorn = lines.pop() !== ''
    const [record] = lines.toReversed().flatMap(wholeRecord)
    return { isTorn, ...(record === undefined ? {} : { record }) }
  } finally {
    await handle.close()
  }
}

/** The end of a file, for the record that vouches for it. */
export async function readEnd(folder: string, file: string): Promise<FileEnd> {
  const { record, isTorn } = await readTail(folder, file)
  if (record === undefined) return { file, isTorn }
  const { writer, seq, hash } = record
  return { file, isTorn, mark: { writer, seq, hash } }
}

/** Identifies a folder across machines, so that two of the same name are told apart. */
export function folderId(folder: string): string {
  return `${hostname()}:${resolve(folder)}`
}

function wholeRecord(line: string): AuditRecord | readonly [] {
  const record = readLine(line)
  return record !== undefined && isUnaltered(record, line) ? record : []
}

function byName(one: string, other: string): number {
  return one < other ? -1 : 1
}
