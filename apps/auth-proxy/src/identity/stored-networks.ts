import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'

/** A network from which a user signed in by password. */
export interface TrustedNetwork {
  readonly owner: string
  /** For instance `192.0.2.0/24`. */
  readonly network: string
  /** ISO 8601 in UTC; up to an hour old. */
  readonly seenAt: string
}

/** Enough for any traveller; a script that signs in from everywhere cannot fill the disk. */
const maxNetworksOfOne = 50

/** All of them, in no order. */
export async function listTrustedNetworks(db: Kysely<Schema>): Promise<TrustedNetwork[]> {
  const rows = await db.selectFrom('trusted_networks').selectAll().execute()
  return rows.map(({ owner, network, seen_at: seenAt }) => ({ owner, network, seenAt }))
}

/**
 * Stores the networks from which users signed in; deletes those older than this time, and each user's oldest beyond
 * fifty.
 */
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
