import * as z from 'zod'
import { auditQuery, findPage, typedFilter } from '../audit/page-of-records.ts'
import type { AuditRecord } from '../audit/record.ts'
import { sentenceOf } from '../audit/sentence.ts'
import type { ApiRoute } from './api-route.ts'

const subject = z.strictObject({ kind: z.string(), value: z.string() })
const counts = z.record(z.string(), z.int())
const record = z.looseObject({
  ...{ time: z.iso.datetime(), action: z.string(), allowed: z.boolean(), subjects: z.array(subject) },
  ...{ actor: z.string().optional(), via: z.string().optional(), address: z.string().optional() },
  ...{ credential: z.string().optional(), token: z.string().optional(), requestId: z.string().optional() },
  ...{ rule: z.string().optional(), reason: z.string().optional(), code: z.string().optional() },
  status: z.int().optional().meta({ description: 'Of the answer; missing where none was sent.' }),
  count: z.int().optional().meta({ description: 'How many requests this record sums up, since `since`.' }),
  ...{ since: z.iso.datetime().optional(), actions: counts.optional(), statuses: counts.optional() },
  ...{ writer: z.string(), seq: z.int(), prev: z.string(), hash: z.string() },
  sentence: z.string().meta({ description: 'The record in one line.' }),
})

/** `/_soen/api/audit`. */
export const auditRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/_soen/api/audit',
    summary: 'Lists who did what, the newest first.',
    access: 'admin',
    query: auditQuery,
    output: z.strictObject({ records: z.array(record), next: z.string().optional() }),
    async handle({ identity, query }) {
      const { records, ...rest } = await findPage(identity.store.db, typedFilter(query))
      return { records: records.map(withSentence), ...rest }
    },
  },
]

function withSentence(one: AuditRecord): AuditRecord & { readonly sentence: string } {
  return { ...one, sentence: sentenceOf(one) }
}
