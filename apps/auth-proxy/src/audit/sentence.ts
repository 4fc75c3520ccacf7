import type { AuditRecord, Subject } from './record.ts'

/** The last word of a route as a verb: what somebody did, and what they tried to do. */
const verbs: Readonly<Record<string, readonly [did: string, wanted: string]>> = {
  create: ['created', 'create'],
  delete: ['deleted', 'delete'],
  remove: ['removed', 'remove'],
  restore: ['restored', 'restore'],
  rename: ['renamed', 'rename'],
  update: ['changed', 'change'],
  search: ['searched', 'search'],
  disable: ['disabled', 'disable'],
  enable: ['enabled', 'enable'],
  unlock: ['unlocked', 'unlock'],
  revoke: ['revoked', 'revoke'],
  'sign-in': ['signed in', 'sign in'],
  'sign-out': ['signed out', 'sign out'],
  users: ['added', 'add'],
  tokens: ['made', 'make'],
  password: ['changed the password', 'change the password'],
  'sign in': ['signed in', 'sign in'],
  'sign out': ['signed out', 'sign out'],
}
const reads: readonly [string, string] = ['read', 'read']
const ofMethod: Readonly<Record<string, readonly [string, string]>> = {
  DELETE: ['deleted', 'delete'],
  PATCH: ['changed', 'change'],
}
const wrote: readonly [string, string] = ['wrote to', 'write to']

/** A record in one line: when, who, what, from which address, and the outcome. */
export function sentenceOf(record: AuditRecord): string {
  const { time, action, status, count = 1 } = record
  const ending = record.allowed
    ? status === undefined
      ? ''
      : ` → ${status}`
    : ` → ${record.code ?? 'refused'}`
  const times = count === 1 ? '' : `, ${count} times`
  return `${time.slice(0, 19).replace('T', ' ')} UTC  ${deed(record)}${times} (${how(record)})${ending}  [${shortAction(action)}]`
}

/** Who did what, or tried to. */
export function deed(record: AuditRecord): string {
  const { allowed, asked, action, reason, subjects } = record
  const who = record.actor ?? 'somebody'
  if (action.startsWith('audit ')) return ownDeed(record)
  if (action === '(no request)') return `${who} sent what is no request`
  const [did, wanted] = verbOf(action)
  const what = subjects.length === 0 ? placeOf(record) : ` ${namesOf(subjects, record.moreSubjects)}`
  if (asked === true) return `${who} asked to ${wanted}${what}, outcome unknown`
  if (allowed) return `${who} ${did}${what}`
  return `${who} was refused to ${wanted}${what}${reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`}`
}

/** An action without the prefix that all of them share. */
export function shortAction(action: string): string {
  return action.replace(/\{api\}\/\d\.0\/(?:mlflow(?:-artifacts)?\/)?/, '')
}

function how({ via, token, address }: AuditRecord): string {
  const by = token === undefined ? via : `${via} ${token}`
  const parts = [by, address === undefined ? undefined : `from ${address}`]
  return parts.filter((part) => part !== undefined).join(', ') || 'the front door itself'
}

function namesOf(subjects: readonly Subject[], more = 0): string {
  const [first = { kind: 'run', value: '' }, ...others] = subjects.toSorted(byWeight)
  const [owner] = others
  const name = `${first.kind} ${first.value}`
  if (others.length === 1 && more === 0) {
    if (owner?.kind === 'user') return `${name} of ${owner.value}`
    if (owner?.kind === 'experiment') return `${name} in experiment ${owner.value}`
  }
  const rest = others.length + more
  return `${name}${rest === 0 ? '' : ` and ${rest} more`}`
}

/** A run says more than the experiment it is in, and a token more than its owner. */
function byWeight(one: Subject, other: Subject): number {
  return weightOf(one) - weightOf(other)
}

function weightOf({ kind }: Subject): number {
  if (kind === 'run') return 0
  return kind === 'user' ? 2 : 1
}

function verbOf(action: string): readonly [string, string] {
  const [method = '', path = ''] = action.split(' ')
  if (method === 'GET' || method === 'HEAD') return reads
  return verbs[action] ?? verbs[path.split('/').at(-1) ?? ''] ?? ofMethod[method] ?? wrote
}

/** A file that is read or written without an id is named by its path. */
function placeOf({ action }: AuditRecord): string {
  if (action.endsWith('(no such route)')) return ' a path that is not there'
  const [method = '', path] = shortAction(action).split(' ')
  const isNamed = [reads, wrote, ofMethod[method]].includes(verbOf(action))
  return isNamed && path !== undefined ? ` ${path}` : ''
}

function ownDeed({ action, missing, expired }: AuditRecord): string {
  if (missing !== undefined) return `the ${missing.sink} missed records ${missing.from} to ${missing.to}`
  if (expired !== undefined) return `the ${expired.sink} dropped what was too old`
  return action === 'audit begin' ? 'the front door began' : 'the front door ended'
}
