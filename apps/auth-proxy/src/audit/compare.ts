import { setImmediate } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { listHeads, rowsFrom } from './stored-records.ts'
import type { Schema } from '../store/schema.ts'
import type { ChainCheck, ChainEnd, Flaw } from './chain-check.ts'
import { folderId } from './folder.ts'
import { readLine } from './record.ts'

/** The contents of both sinks. */
export interface Both {
  readonly files: ChainCheck
  readonly table: ChainCheck
  readonly folder: string
}

/** How the sinks differ, and which differences have an innocent reason. */
export interface Difference {
  readonly flaws: readonly Flaw[]
  readonly notes: readonly string[]
}

/** Checks that each chain written to this folder has the same end in both sinks. */
export async function compare(db: Kysely<Schema>, { files, table, folder }: Both): Promise<Difference> {
  const flaws: Flaw[] = []
  const notes: string[] = []
  const expected = (await listHeads(db)).filter((head) => head.folder === folderId(folder))
  const writers = new Set([...expected.map(({ writer }) => writer), ...files.chains.keys()])
  for (const writer of writers) {
    await setImmediate()
    const [inFile, inTable] = [files.chains.get(writer), table.chains.get(writer)]
    const flaw = differenceOf(writer, { files, table }) ?? (await otherHash(db, writer, { inFile, inTable }))
    if (flaw === undefined) continue
    if (flaw.kind === 'cut off' && isLag(inFile, inTable)) notes.push(flaw.message)
    else flaws.push(flaw)
  }
  return { flaws, notes }
}

function differenceOf(writer: string, { files, table }: Omit<Both, 'folder'>): Flaw | undefined {
  const [inFile, inTable] = [files.chains.get(writer), table.chains.get(writer)]
  const fileEnd = Math.max(inFile?.seq ?? 0, files.expiredUpTo(writer))
  const tableEnd = Math.max(inTable?.seq ?? 0, table.expiredUpTo(writer))
  if (tableEnd > fileEnd) {
    const place = inFile?.place ?? `files of ${writer}`
    const message = `The table has ${writer} up to record ${tableEnd}, the files only up to ${fileEnd}.`
    return { kind: 'cut off', place, writer, seq: fileEnd + 1, message }
  }
  if (tableEnd === fileEnd) return undefined
  const message = `The files have ${writer} up to record ${fileEnd}, the table only up to ${tableEnd}.`
  return { kind: 'cut off', place: `table, end of ${writer}`, writer, seq: tableEnd + 1, message }
}

/** While a front door writes, or after it was killed, one sink may be ahead by a few seconds. */
function isLag(one: ChainEnd | undefined, other: ChainEnd | undefined): boolean {
  const [shorter, longer] = (one?.seq ?? 0) < (other?.seq ?? 0) ? [one, other] : [other, one]
  return longer !== undefined && !longer.isEnded && (shorter?.seq ?? 0) >= longer.recentFrom - 1
}

async function otherHash(
  db: Kysely<Schema>,
  writer: string,
  { inFile, inTable }: { readonly inFile: ChainEnd | undefined; readonly inTable: ChainEnd | undefined },
): Promise<Flaw | undefined> {
  if (inFile === undefined || inTable === undefined) return undefined
  const { seq, hash, place } = inFile
  const [row] = await rowsFrom(db, writer, seq, 1)
  if (row?.seq !== seq || readLine(row.record)?.hash === hash) return undefined
  const message = `Record ${seq} of ${writer} is not the same in the files and in the table.`
  return { kind: 'differs', place, writer, seq, message }
}
