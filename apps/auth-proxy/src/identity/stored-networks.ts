import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'

/** A network from which somebody came in by their password. */
export interface TrustedNetwork {
  readonly owner: string
  /** For instance `192.0.2.0/24`. */
  readonly network: string
  /** ISO 8601 in UTC; within the hour. */
  readonly seenAt: string
}

/** Enough for whoever travels; a script that signs in from everywhere fills no disk. */
const maxNetworksOfOne = 50

/** All of them, by any order. */
export async function listTrustedNetworks(db: Kysely<Schema>): Promise<TrustedNetwork[]> {
  const rows = await db.selectFrom('trusted_networks').selectAll().execute()
  return rows.map(({ owner, network, seen_at: seenAt }) => ({ owner, network, seenAt }))
}

/** Writes down from where people came in; forgets what is older than this time, and of each the oldest beyond fifty. */
export async function noteTrustedNetworks(
  db: Kysely<Schema>,
  fresh: readonly TrustedNetwork[],
  forgetBefore: string,
): Promise<void> {
  await db.deleteFrom('trusted_networks').where('seen_at', '<', forgetBefore).execute()
  for (const { owner, network, seenAt } of fresh) {
    await db
      .insertInto('trusted_networks')
      .values({ owner, network, seen_at: seenAt })
      .onConflict((conflict) => conflict.columns(['owner', 'network']).doUpdateSet({ seen_at: seenAt }))
      .execute()
  }
  for (const owner of new Set(fresh.map((one) => one.owner))) {
    const ofOwner = db.selectFrom('trusted_networks').select('network').where('owner', '=', owner)
    const kept = ofOwner.orderBy('seen_at', 'desc').orderBy('network').limit(maxNetworksOfOne)
    await db
      .deleteFrom('trusted_networks')
      .where('owner', '=', owner)
      .where('network', 'not in', kept)
      .execute()
  }
}
