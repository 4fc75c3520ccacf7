import type { Kysely } from 'kysely'
import { Chain } from '../audit/chain.ts'
import type { AuditFilter } from '../audit/filter.ts'
import type { AuditRecord } from '../audit/record.ts'
import { addRecords } from '../audit/stored-records.ts'
import type { Schema } from '../store/schema.ts'

const begin = Date.parse('2026-06-01T00:00:00Z')
const users = ['ada', 'bob', 'cleo'] as const

/**
 * Stores records of two interleaved chains, three per second, about thirty-nine runs: few in experiment `small`,
 * most in `large`, though only some records name the experiment. Returns them all, the newest first.
 */
export async function keepMany(db: Kysely<Schema>, count: number): Promise<readonly AuditRecord[]> {
  const chains = [new Chain('one'), new Chain('other')] as const
  const records = Array.from({ length: count }, (_, number) => {
    const isSmall = number % 50 === 0
    const run = isSmall ? `s${number % 4}` : `l${number % 35}`
    const place = { kind: 'experiment', value: isSmall ? 'small' : 'large' } as const
    const isDenied = number % 7 === 0
    const isCreation = number % 9 === 0
    // A refused request proves nothing about where a run is.
    const claim = { kind: 'experiment', value: 'claimed' } as const
    return chains[number % 3 === 0 ? 0 : 1].add(
      {
        action: isCreation ? 'runs/create' : 'runs/log-batch',
        allowed: !isDenied,
        actor: users[number % users.length],
        subjects: [
          {
            kind: 'run',
            value: run,
          },
          ...(isCreation ? [isDenied ? claim : place] : []),
        ],
      },
      new Date(begin + Math.floor(number / 3) * 1000),
    )
  })
  for (const { writer } of chains) {
    const own = records.filter((record) => record.writer === writer)
    for (let start = 0; start < own.length; start += 500) await addRecords(db, own.slice(start, start + 500))
  }
  return records.toSorted((one, other) => (placeOf(one) > placeOf(other) ? -1 : 1))
}

/** The records that match, tested one by one. */
export function thatFit(records: readonly AuditRecord[], filter: AuditFilter): readonly AuditRecord[] {
  const { subjects = [], actor, action = '', isDenied, since = '', until = '9' } = filter
  return records.filter(
    (record) =>
      subjects.every(({ kind, value }) => isAbout(records, record, kind, value)) &&
      (actor === undefined || record.actor === actor) &&
      record.action.includes(action) &&
      (isDenied !== true || !record.allowed) &&
      record.time >= since &&
      record.time < until,
  )
}

function isAbout(records: readonly AuditRecord[], record: AuditRecord, kind: string, value: string): boolean {
  if (has(record, kind, value)) return true
  if (kind !== 'experiment') return false
  const proofs = records.filter((one) => one.allowed && has(one, kind, value))
  const runs = new Set(
    proofs
      .flatMap((one) => one.subjects.filter((subject) => subject.kind === 'run'))
      .map((subject) => subject.value),
  )
  return record.subjects.some((subject) => subject.kind === 'run' && runs.has(subject.value))
}

function has({ subjects }: AuditRecord, kind: string, value: string): boolean {
  return subjects.some((subject) => subject.kind === kind && subject.value === value)
}

function placeOf({ time, writer, seq }: AuditRecord): string {
  return `${time} ${writer.padEnd(9)} ${String(seq).padStart(9)}`
}
