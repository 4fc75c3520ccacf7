import type { Kysely } from 'kysely'
import type { AuditRecord } from './record.ts'
import type { AuditPlaceTable, Schema } from '../store/schema.ts'

/** The experiment of each run, as an allowed request's record tells. */
export function placesOf({ allowed, subjects }: AuditRecord): readonly AuditPlaceTable[] {
  if (!allowed) return []
  const of = (wanted: string): string[] =>
    subjects.flatMap(({ kind, value }) => (kind === wanted ? value : []))
  return of('experiment').flatMap((experiment) => of('run').map((run) => ({ experiment, run })))
}

/** Stores which experiment runs are in. That stays when the records are dropped: a run never moves. */
export async function addPlaces(db: Kysely<Schema>, records: readonly AuditRecord[]): Promise<void> {
  const byKey = new Map(records.flatMap(placesOf).map((place) => [placeKey(place), place]))
  // Sorted, so that two front doors cannot deadlock.
  const places = [...byKey].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, place]) => place)
  for (let start = 0; start < places.length; start += 5000) {
    await db
      .insertInto('audit_places')
      .values(places.slice(start, start + 5000))
      .onConflict((conflict) => conflict.columns(['experiment', 'run']).doNothing())
      .execute()
  }
}

/** Which places of some records the table already knows, as `placeKey`s. */
export async function knownPlaces(
  db: Kysely<Schema>,
  records: readonly AuditRecord[],
): Promise<ReadonlySet<string>> {
  const places = records.flatMap(placesOf)
  if (places.length === 0) return new Set()
  const rows = await db
    .selectFrom('audit_places')
    .selectAll()
    .where('experiment', 'in', [...new Set(places.map(({ experiment }) => experiment))])
    .where('run', 'in', [...new Set(places.map(({ run }) => run))])
    .execute()
  return new Set(rows.map(placeKey))
}

/** The key of a place. */
export function placeKey({ experiment, run }: AuditPlaceTable): string {
  return JSON.stringify([experiment, run])
}
