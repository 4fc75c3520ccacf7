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
import { readSignatures } from './signatures.ts'
import type { Signatures } from './signatures.ts'
import { listFiles } from './folder.ts'
import type { AuditFile } from './folder.ts'

/** Where the audit is stored besides the table. */
export interface AuditPlaces {
  readonly folder?: string | undefined
  /** The folder with the signed heads of its chains. */
  readonly signatures?: string | undefined
}

/** What was checked, and the problems found. */
export interface Verdict {
  readonly isIntact: boolean
  /** In order: the first one is where to look. */
  readonly flaws: readonly Flaw[]
  /** What looks odd but is not a problem. */
  readonly notes: readonly string[]
  readonly table: { readonly records: number; readonly chains: number }
  readonly folder?: { readonly path: string; readonly records: number; readonly files: number }
  /** How many heads of chains are signed, and when the last one was signed. */
  readonly signed?: { readonly heads: number; readonly until: string }
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
  { folder, signatures: signedIn }: AuditPlaces,
): Promise<Verdict> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    // Read first, so that everything signed is in the files already.
    const signatures = signedIn === undefined ? undefined : await readSignatures(signedIn)
    const start = await look(db, folder)
    const verdict = await check(db, { folder, signatures }, start)
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
  {
    folder,
    signatures,
  }: { readonly folder: string | undefined; readonly signatures: Signatures | undefined },
  { heads, chains }: Start,
): Promise<Verdict> {
  const files = folder === undefined ? undefined : await checkFolder(folder, signatures)
  const ends = new Map(chains.map(({ writer, last }) => [writer, last]))
  // Whatever is in the files by now is in the table, too.
  for (const [writer, { seq }] of files?.check.chains ?? [])
    ends.set(writer, Math.max(seq, ends.get(writer) ?? 0))
  const table = await checkTable(db, { heads, ends })
  const walked = { table: { records: table.records, chains: table.chains.size } }
  if (files === undefined || folder === undefined) {
    const flaws = table.flaws()
    return { isIntact: flaws.length === 0, flaws, notes: [...notesOf(table), unsignedNote], ...walked }
  }
  const difference = await compare(db, { files: files.check, table, folder })
  const flaws = [...files.check.flaws(), ...table.flaws(), ...difference.flaws]
  return {
    isIntact: flaws.length === 0,
    flaws,
    ...walked,
    ...signedBy(signatures),
    notes: [
      ...files.torn.map(tornNote),
      ...difference.notes,
      ...notesOf(table),
      ...(signedBy(signatures).signed === undefined ? [unsignedNote] : []),
    ],
    folder: {
      path: folder,
      records: files.check.records,
      files: files.files,
    },
  }
}

const unsignedNote =
  'Nothing is signed here: somebody who can write to all places of the audit can rewrite it without being noticed.'

function signedBy(signatures: Signatures | undefined): Pick<Verdict, 'signed'> {
  const last = signatures?.heads.at(-1)
  if (signatures === undefined || last === undefined) return {}
  return { signed: { heads: signatures.heads.length, until: last.time } }
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
