import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'
import { commandWriter } from './chain.ts'
import type { ChainCheck, Flaw } from './chain-check.ts'
import { checkFolder } from './check-folder.ts'
import { checkTable } from './check-table.ts'
import { compare } from './compare.ts'

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

/** Checks the table, the files, and one against the other. */
export async function verifyAudit(
  db: Kysely<Schema>,
  { folder }: { readonly folder?: string | undefined },
): Promise<Verdict> {
  // The files first: what they have later than this is only in the table yet.
  const files = folder === undefined ? undefined : await checkFolder(folder)
  const table = await checkTable(db)
  const walked = { table: { records: table.records, chains: table.chains.size } }
  if (files === undefined || folder === undefined) {
    const flaws = table.flaws()
    return { isIntact: flaws.length === 0, flaws, notes: notesOf(table), ...walked }
  }
  const difference = await compare(db, { files: files.check, table, folder })
  const flaws = [...files.check.flaws(), ...table.flaws(), ...difference.flaws]
  return {
    ...{ isIntact: flaws.length === 0, flaws, ...walked },
    notes: [...files.torn.map(tornNote), ...difference.notes, ...notesOf(table)],
    folder: { path: folder, records: files.check.records, files: files.files },
  }
}

function tornNote(name: string): string {
  return `A crash cut the last line of ${name} off.`
}

function notesOf({ chains }: ChainCheck): string[] {
  const open = [...chains].filter(([writer, { isEnded }]) => writer !== commandWriter && !isEnded)
  return open.map(
    ([writer, { seq, time }]) => `${writer} goes on, or was killed: its last record is ${seq}, of ${time}.`,
  )
}
