import type { Kysely } from 'kysely'
import type { AuditRecord } from './record.ts'
import type { AuditPlaceTable, Schema } from '../store/schema.ts'

/** Which runs are in which experiments, as a record of what was allowed tells. */
export function placesOf({ allowed, subjects }: AuditRecord): readonly AuditPlaceTable[] {
  if (!allowed) return []
  const of = (wanted: string): string[] =>
    subjects.flatMap(({ kind, value }) => (kind === wanted ? value : []))
  return of('experiment').flatMap((experiment) => of('run').map((run) => ({ experiment, run })))
}

/** Remembers where runs are. It stays known when the records are dropped: a run never moves. */
export async function addPlaces(db: Kysely<Schema>, records: readonly AuditRecord[]): Promise<void> {
  const byKey = new Map(records.flatMap(placesOf).map((place) => [placeKey(place), place]))
  // In one order, so that no two front doors wait for each other.
  const places = [...byKey].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, place]) => place)
  for (let start = 0; start < places.length; start += 5000) {
    await db
      .insertInto('audit_places')
      .values(places.slice(start, start + 5000))
      .onConflict((conflict) => conflict.columns(['experiment', 'run']).doNothing())
      .execute()
  }
}

/** What the table says about the places that some records tell, as `placeKey`s. */
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

/** Names a place. */
export function placeKey({ experiment, run }: AuditPlaceTable): string {
  return JSON.stringify([experiment, run])
}
