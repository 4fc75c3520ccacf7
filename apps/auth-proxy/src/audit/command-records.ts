import type { Kysely } from 'kysely'
import { addRecords, nextInChain } from './stored-records.ts'
import type { Schema } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { Chain, commandWriter } from './chain.ts'
import type { Subject } from './record.ts'
import { systemUser } from './system-user.ts'

/** What a local command did, for its record. */
export interface Deed {
  readonly action: string
  readonly subjects: readonly Subject[]
}

/**
 * A store that commits each change together with its audit record, or neither. A change that found nothing to
 * change (false) has no record.
 */
export function recorded(store: Store, deedOf: (result: unknown) => Deed): Store {
  return {
    ...store,
    change: (work) =>
      store.change(async (db) => {
        const result = await work(db)
        if (result !== false) await record(db, deedOf(result))
        return result
      }),
  }
}

/** The chain of all commands continues in the store itself, whose lock lets only one write at a time. */
async function record(db: Kysely<Schema>, { action, subjects }: Deed): Promise<void> {
  const chain = new Chain(commandWriter, await nextInChain(db, commandWriter))
  const event = { action, allowed: true, actor: systemUser(), via: 'command', subjects } as const
  await addRecords(db, [chain.add(event, new Date())])
}
