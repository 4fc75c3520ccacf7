import type { AuditFilter } from '../audit/filter.ts'

const run = { kind: 'run', value: 'l1' } as const
const small = { kind: 'experiment', value: 'small' } as const
const large = { kind: 'experiment', value: 'large' } as const
const [since, until] = ['2026-06-01T00:01:00.000Z', '2026-06-01T00:09:00.000Z']

/** Typical searches among the records of `keepMany`. */
export const auditFilters: readonly (readonly [string, AuditFilter])[] = [
  ['everything', {}],
  ['a run', { subjects: [run] }],
  ['a small experiment', { subjects: [small] }],
  ['a large experiment', { subjects: [large] }],
  ['an experiment that was only claimed', { subjects: [{ kind: 'experiment', value: 'claimed' }] }],
  ['a run in its experiment', { subjects: [run, large] }],
  ['a run in another experiment', { subjects: [run, small] }],
  ['what one did in an experiment', { subjects: [large], actor: 'bob', isDenied: true }],
  ['a user', { actor: 'ada' }],
  ['nobody', { actor: 'eve' }],
  ['refusals', { isDenied: true }],
  ['an action', { action: 'create' }],
  ['an action that nobody did', { action: 'delete' }],
  ['a while', { since, until }],
  ['what one did in a while', { actor: 'cleo', since, until, action: 'create' }],
  ['a small experiment in a while', { subjects: [small], since, until }],
]
