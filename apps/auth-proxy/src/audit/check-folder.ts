import { join } from 'node:path'
import { hasErrorCode } from '../errors/auth-proxy-error.ts'
import { ChainCheck } from './chain-check.ts'
import { listFiles, readLines } from './folder.ts'
import type { AuditFile, FileLine } from './folder.ts'
import type { AuditRecord, ChainMark, FileEnd } from './record.ts'
import type { Signatures } from './signatures.ts'

/** The result of checking a folder. */
export interface FolderCheck {
  readonly check: ChainCheck
  readonly files: number
  /** Files whose last line was cut off by a crash, as the next front door recorded. */
  readonly torn: readonly string[]
}

const noSignatures: Signatures = { heads: [], invalid: [] }

interface End {
  mark?: ChainMark
  torn?: { readonly place: string; readonly line: number }
}

/** Checks every file of a folder, the oldest first. */
export async function checkFolder(
  folder: string,
  { heads, invalid }: Signatures = noSignatures,
): Promise<FolderCheck> {
  const check = new ChainCheck('file', heads)
  for (const line of invalid) {
    const place = `signatures, line ${line}`
    check.flaw({ kind: 'unreadable', place, message: `The signature in line ${line} is not valid.` })
  }
  const files = await listFiles(folder)
  const ends = new Map<string, End>()
  const vouched = new Map<string, FileEnd>()
  for (const file of files) ends.set(file.name, await walk(folder, file, check, vouched))
  for (const [name, end] of ends) checkTear(name, end, vouched.get(name), check)
  for (const said of vouched.values()) checkEnd(said, ends.get(said.file), check)
  const torn = [...ends].filter(([, { torn: tear }]) => tear !== undefined).map(([name]) => name)
  return { check, files: files.length, torn }
}

async function walk(
  folder: string,
  { name }: AuditFile,
  check: ChainCheck,
  vouched: Map<string, FileEnd>,
): Promise<End> {
  const end: End = {}
  for await (const { text, number, isWhole } of linesOf(join(folder, name))) {
    const place = `file ${name}, line ${number}`
    if (!isWhole) return { ...end, torn: { place, line: number } }
    const record = check.add(text, place)
    if (record === undefined) continue
    if (record.after !== undefined) vouched.set(record.after.file, record.after)
    end.mark = markOf(record)
  }
  return end
}

/** Yields nothing for a file that was dropped since the folder was listed. */
async function* linesOf(path: string): AsyncGenerator<FileLine> {
  try {
    yield* readLines(path)
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error
  }
}

/** An incomplete last line is put down to a crash only if the next front door recorded it. */
function checkTear(name: string, { torn }: End, said: FileEnd | undefined, check: ChainCheck): void {
  if (torn === undefined || said?.isTorn === true) return
  const message = `The last line of ${name} is cut off.`
  check.flaw({ kind: 'cut off', place: torn.place, message })
}

/** Compares the end of a file with what was recorded about it when the next file began. */
function checkEnd({ file, mark }: FileEnd, end: End | undefined, check: ChainCheck): void {
  if (mark === undefined || mark.seq <= check.expiredUpTo(mark.writer)) return
  const { writer, seq } = mark
  if (end?.mark !== undefined && end.mark.writer === writer && end.mark.hash === mark.hash) return
  const found = end === undefined ? 'is gone' : `ends with record ${end.mark?.seq ?? 0}`
  const message = `${file} ended with record ${seq} when the next file began, and now it ${found}.`
  check.flaw({ kind: 'cut off', place: `file ${file}`, writer, seq: (end?.mark?.seq ?? 0) + 1, message })
}

function markOf({ writer, seq, hash }: AuditRecord): ChainMark {
  return { writer, seq, hash }
}
