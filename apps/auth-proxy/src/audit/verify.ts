import type { Kysely } from 'kysely'
import { listHeads, rowsFrom } from '../store/audit.ts'
import type { Schema } from '../store/schema.ts'
import type { ChainCheck, Flaw } from './chain-check.ts'
import { checkFolder } from './check-folder.ts'
import type { FolderCheck } from './check-folder.ts'
import { checkTable } from './check-table.ts'
import { folderId } from './folder.ts'
import { readLine } from './record.ts'

/** What was walked, and what is wrong with it. */
export interface Verdict {
  readonly isIntact: boolean
  /** The first one is where to look. */
  readonly flaws: readonly Flaw[]
  /** What looks odd and is not wrong. */
  readonly notes: readonly string[]
  readonly table: { readonly records: number; readonly chains: number }
  readonly folder?: { readonly path: string; readonly records: number; readonly files: number }
}

/** A front door that writes at this moment, and has not ended, is ahead in one sink by so much. */
const lagMs = 15_000

/** Checks the table, the files, and one against the other. */
export async function verifyAudit(
  db: Kysely<Schema>,
  { folder, now = new Date() }: { readonly folder?: string | undefined; readonly now?: Date },
): Promise<Verdict> {
  // The files first: what they have later than this is only in the table yet.
  const files = folder === undefined ? undefined : await checkFolder(folder)
  const table = await checkTable(db)
  const differences =
    files === undefined || folder === undefined ? [] : await compare(db, { files, table, folder, now })
  const flaws = [...(files?.check.flaws() ?? []), ...table.flaws(), ...differences]
  return {
    ...{ isIntact: flaws.length === 0, flaws, notes: notesOf(table, files) },
    table: { records: table.records, chains: table.chains.size },
    ...(files === undefined || folder === undefined
      ? {}
      : { folder: { path: folder, records: files.check.records, files: files.files } }),
  }
}

interface Both {
  readonly files: FolderCheck
  readonly table: ChainCheck
  readonly folder: string
  readonly now: Date
}

/** Each chain that was written into this folder ends alike in both. */
async function compare(db: Kysely<Schema>, { files, table, folder, now }: Both): Promise<Flaw[]> {
  const flaws: Flaw[] = []
  const isUnderWay = (chain: { time: string; isEnded: boolean } | undefined): boolean =>
    chain !== undefined && !chain.isEnded && now.getTime() - Date.parse(chain.time) < lagMs
  const expected = (await listHeads(db)).filter((head) => head.folder === folderId(folder))
  const writers = new Set([...expected.map(({ writer }) => writer), ...files.check.chains.keys()])
  for (const writer of writers) {
    const [inFile, inTable] = [files.check.chains.get(writer), table.chains.get(writer)]
    const [fileEnd, tableEnd] = [inFile?.seq ?? 0, inTable?.seq ?? table.expiredUpTo(writer)]
    const at = { place: inFile?.place ?? `file, chain ${writer}`, writer }
    if (tableEnd > Math.max(fileEnd, files.check.expiredUpTo(writer)) && !isUnderWay(inTable)) {
      const message = `The table has ${writer} up to record ${tableEnd}, the files only up to ${fileEnd}.`
      flaws.push({ ...at, kind: 'cut off', seq: fileEnd + 1, message })
    } else if (fileEnd > tableEnd && !isUnderWay(inFile)) {
      const message = `The files have ${writer} up to record ${fileEnd}, the table only up to ${tableEnd}.`
      flaws.push({ ...at, place: `table, end of ${writer}`, kind: 'cut off', seq: tableEnd + 1, message })
    } else if (inFile !== undefined && (await hashInTable(db, writer, fileEnd)) === 'another') {
      const message = `Record ${fileEnd} of ${writer} is not the same in the files and in the table.`
      flaws.push({ ...at, kind: 'differs', seq: fileEnd, message })
    }

    async function hashInTable(database: Kysely<Schema>, of: string, seq: number): Promise<string> {
      const [row] = await rowsFrom(database, of, seq, 1)
      if (row?.seq !== seq) return 'none'
      return readLine(row.record)?.hash === inFile?.hash ? 'same' : 'another'
    }
  }
  return flaws
}

function notesOf(table: ChainCheck, files: FolderCheck | undefined): string[] {
  const notes = (files?.torn ?? []).map((name) => `A crash cut the last line of ${name} off.`)
  for (const [writer, { isEnded, seq, time }] of table.chains) {
    if (writer === 'commands' || isEnded) continue
    notes.push(`${writer} goes on, or was killed: its last record is ${seq}, of ${time}.`)
  }
  return notes
}
