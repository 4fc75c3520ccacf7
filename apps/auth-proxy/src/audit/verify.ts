import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { listChains } from './stored-chains.ts'
import type { ChainSpan } from './stored-chains.ts'
import { listHeads } from './stored-records.ts'
import type { AuditHeadTable, Schema } from '../store/schema.ts'
import { commandWriter } from './chain.ts'
import type { ChainCheck, Flaw } from './chain-check.ts'
import { checkFolder } from './check-folder.ts'
import { checkTable } from './check-table.ts'
import { compare } from './compare.ts'
import { listFiles } from './folder.ts'
import type { AuditFile } from './folder.ts'

/** What was checked, and the problems found. */
export interface Verdict {
  readonly isIntact: boolean
  /** In order: the first one is where to look. */
  readonly flaws: readonly Flaw[]
  /** What looks odd but is not a problem. */
  readonly notes: readonly string[]
  readonly table: { readonly records: number; readonly chains: number }
  readonly folder?: { readonly path: string; readonly records: number; readonly files: number }
}

/** The state when a check began. */
interface Start {
  readonly heads: readonly AuditHeadTable[]
  readonly chains: readonly ChainSpan[]
  readonly files: readonly AuditFile[]
}

/**
 * Old records are dropped once a day and in steps: whatever deletes records for longer than this is not a front door.
 */
const patienceMs = 60_000
const pauseMs = 100

/**
 * Checks the table, the files, and one against the other, as far as they reached at the start. Front doors
 * may go on writing; while one drops old records, the check waits briefly and starts again.
 */
export async function verifyAudit(
  db: Kysely<Schema>,
  { folder }: { readonly folder?: string | undefined },
): Promise<Verdict> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const start = await look(db, folder)
    const verdict = await check(db, folder, start)
    if (!hasDropped(start, await look(db, folder)) || performance.now() > deadline) return verdict
    await sleep(pauseMs)
  }
}

async function look(db: Kysely<Schema>, folder: string | undefined): Promise<Start> {
  const heads = await listHeads(db)
  const chains = await listChains(db)
  return { heads, chains, files: folder === undefined ? [] : await listFiles(folder) }
}

function hasDropped(before: Start, after: Start): boolean {
  const firsts = new Map(after.chains.map(({ writer, first }) => [writer, first]))
  const names = new Set(after.files.map(({ name }) => name))
  const isWhole =
    before.chains.every(({ writer, first }) => firsts.get(writer) === first) &&
    before.files.every(({ name }) => names.has(name))
  return !isWhole
}

async function check(
  db: Kysely<Schema>,
  folder: string | undefined,
  { heads, chains }: Start,
): Promise<Verdict> {
  const files = folder === undefined ? undefined : await checkFolder(folder)
  const ends = new Map(chains.map(({ writer, last }) => [writer, last]))
  // Whatever is in the files by now is in the table, too.
  for (const [writer, { seq }] of files?.check.chains ?? [])
    ends.set(writer, Math.max(seq, ends.get(writer) ?? 0))
  const table = await checkTable(db, { heads, ends })
  const walked = { table: { records: table.records, chains: table.chains.size } }
  if (files === undefined || folder === undefined) {
    const flaws = table.flaws()
    return { isIntact: flaws.length === 0, flaws, notes: notesOf(table), ...walked }
  }
  const difference = await compare(db, { files: files.check, table, folder })
  const flaws = [...files.check.flaws(), ...table.flaws(), ...difference.flaws]
  return {
    isIntact: flaws.length === 0,
    flaws,
    ...walked,
    notes: [...files.torn.map(tornNote), ...difference.notes, ...notesOf(table)],
    folder: {
      path: folder,
      records: files.check.records,
      files: files.files,
    },
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
