import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditLog } from '../audit/audit-log.ts'
import { openAudit } from '../audit/open-audit.ts'
import type { OpenAuditOptions } from '../audit/open-audit.ts'
import { verifyAudit } from '../audit/verify.ts'
import type { Verdict } from '../audit/verify.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A state with a folder of audit files beside it. */
export interface Audited extends AsyncDisposable {
  readonly store: Store
  readonly folder: string
  readonly troubles: unknown[]
  /** Opens the audit as a front door does when it starts. */
  begin(options?: Partial<OpenAuditOptions>): Promise<AuditLog>
  /** Begins, keeps deletes of `run 1` to `run N`, and ends. */
  keep(count: number, options?: Partial<OpenAuditOptions>): Promise<void>
  files(): string[]
  /** Rewrites the lines of one file. */
  change(file: string | undefined, work: (lines: string[]) => string[]): void
  verify(): Promise<Verdict>
}

/** Opens one; dispose of it at the end of the test. */
export async function openAudited(): Promise<Audited> {
  const place = await temporaryFolder()
  const folder = join(place.path, 'audit')
  const store = await openStore(join(place.path, 'auth.sqlite'))
  const troubles: unknown[] = []
  const begin = (options: Partial<OpenAuditOptions> = {}): Promise<AuditLog> =>
    openAudit(store, { folder, onTrouble: (error) => void troubles.push(error), ...options })
  return {
    store,
    folder,
    troubles,
    begin,
    async keep(count, options) {
      await using log = await begin(options)
      for (let number = 1; number <= count; number += 1) {
        log.note({
          action: 'delete',
          allowed: true,
          subjects: [
            {
              kind: 'run',
              value: String(number),
            },
          ],
        })
        await log.flush()
      }
    },
    files: () => readdirSync(folder).toSorted((one, other) => (one < other ? -1 : 1)),
    change(file, work) {
      const path = join(folder, file ?? '')
      const lines = readFileSync(path, 'utf8').split('\n')
      writeFileSync(path, work(lines).join('\n'))
    },
    verify: () => verifyAudit(store.db, { folder }),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
    },
  }
}
