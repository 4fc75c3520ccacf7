import * as z from 'zod'
import { auditQuery, findPage, typedFilter } from '../audit/page-of-records.ts'
import type { AuditRecord } from '../audit/record.ts'
import { sentenceOf } from '../audit/sentence.ts'
import { verifyAudit } from '../audit/verify.ts'
import type { ApiRoute } from './api-route.ts'

const subject = z.strictObject({ kind: z.string(), value: z.string() })
const counts = z.record(z.string(), z.int())
const record = z.looseObject({
  time: z.iso.datetime(),
  action: z.string(),
  allowed: z.boolean(),
  subjects: z.array(subject),
  actor: z.string().optional(),
  via: z.string().optional(),
  address: z.string().optional(),
  credential: z.string().optional(),
  token: z.string().optional(),
  requestId: z.string().optional(),
  rule: z.string().optional(),
  reason: z.string().optional(),
  code: z.string().optional(),
  status: z.int().optional().meta({ description: 'Of the answer; missing where none was sent.' }),
  count: z.int().optional().meta({ description: 'How many requests this record sums up, since `since`.' }),
  since: z.iso.datetime().optional(),
  actions: counts.optional(),
  statuses: counts.optional(),
  writer: z.string(),
  seq: z.int(),
  prev: z.string(),
  hash: z.string(),
  sentence: z.string().meta({ description: 'The record in one line.' }),
})

const flaw = z.strictObject({
  kind: z.enum(['altered', 'missing', 'out of order', 'unreadable', 'cut off', 'differs']),
  place: z.string().meta({ description: 'File and line, or the number of the row.' }),
  writer: z.string().optional(),
  seq: z.int().optional(),
  message: z.string(),
})
const verdict = z.strictObject({
  isIntact: z.boolean(),
  flaws: z.array(flaw).meta({ description: 'The first one is where to look.' }),
  notes: z.array(z.string()),
  table: z.strictObject({ records: z.int(), chains: z.int() }),
  folder: z.strictObject({ path: z.string(), records: z.int(), files: z.int() }).optional(),
  signed: z
    .strictObject({ heads: z.int(), until: z.iso.datetime() })
    .optional()
    .meta({ description: 'How many heads of chains are signed, and when the last one was.' }),
})

/** `/_soen/api/audit` and below. */
export const auditRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/_soen/api/audit',
    summary: 'Lists who did what, the newest first.',
    access: 'admin',
    query: auditQuery,
    output: z.strictObject({ records: z.array(record), next: z.string().optional() }),
    async handle({ identity, query }) {
      const { records, ...rest } = await identity.store.read((db) => findPage(db, typedFilter(query)))
      return { records: records.map(withSentence), ...rest }
    },
  },
  {
    method: 'GET',
    path: '/_soen/api/audit/verify',
    summary: 'Checks that no record was altered, removed or moved.',
    access: 'admin',
    output: verdict,
    handle: ({ identity, auditFolder: folder, auditSignatures: signatures }) =>
      identity.store.read((db) => verifyAudit(db, { folder, signatures })),
  },
]

function withSentence(one: AuditRecord): AuditRecord & { readonly sentence: string } {
  return { ...one, sentence: sentenceOf(one) }
}
