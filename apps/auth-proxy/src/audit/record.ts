import { createHash } from 'node:crypto'
import type { IdKind } from '../routes/rule.ts'

/** A thing that a record is about: an id from a request, or an account of ours and what belongs to it. */
export interface Subject {
  readonly kind: IdKind | 'user' | 'token' | 'session'
  readonly value: string
}

/** A position in a chain, which a later record vouches for. */
export interface ChainMark {
  readonly writer: string
  readonly seq: number
  readonly hash: string
}

/** How the caller was authenticated. */
export type Via = 'password' | 'shared password' | 'token' | 'session' | 'command'

/** What happened, without secrets: no headers, query or body, and no user name that isn't an account's. */
export interface AuditEvent {
  /** The route's name, for instance `POST {api}/2.0/mlflow/runs/delete`. */
  readonly action: string
  readonly allowed: boolean
  /** Name of the rule or policy that decided. */
  readonly rule?: string | undefined
  readonly reason?: string | undefined
  /** Code of the refusal. */
  readonly code?: string | undefined
  /** User name; of a caller who was not let in only if there is such an account. */
  readonly actor?: string | undefined
  readonly via?: Via | undefined
  /** Id of the token or session. */
  readonly credential?: string | undefined
  /** The name that its owner gave the token. */
  readonly token?: string | undefined
  readonly address?: string | undefined
  readonly requestId?: string | undefined
  readonly subjects: readonly Subject[]
  /** Status of the response; missing where none was sent. */
  readonly status?: number | undefined
  /**
   * Set on a record that is stored before the request is forwarded, because what the request does cannot be undone.
   */
  readonly asked?: true | undefined
  /** How many requests this record sums up, since when (ISO 8601), and which. */
  readonly count?: number | undefined
  readonly since?: string | undefined
  readonly actions?: Readonly<Record<string, number>> | undefined
  readonly statuses?: Readonly<Record<string, number>> | undefined
  /** How many further subjects are not listed. */
  readonly moreSubjects?: number | undefined
  /** In a chain's first record: the ends of other chains, in the table and in the folder. */
  readonly heads?: readonly ChainMark[] | undefined
  readonly after?: FileEnd | undefined
  /** A range of this chain's records that a sink never got, both ends included. */
  readonly missing?: { readonly sink: string; readonly from: number; readonly to: number } | undefined
  /** What a sink dropped because of its age: the last dropped number of each chain. */
  readonly expired?: { readonly sink: string; readonly upTo: Readonly<Record<string, number>> } | undefined
}

/** The end of the file written before this one; without a mark that file has no whole record. */
export interface FileEnd {
  readonly file: string
  readonly mark?: ChainMark
  /** Whether its last line is incomplete, as a killed process leaves it. */
  readonly isTorn: boolean
}

/** An event as a link of its chain. */
export interface AuditRecord extends AuditEvent, ChainMark {
  /** ISO 8601 in UTC: when the request ended or the event was recorded. */
  readonly time: string
  /** Hash of the record before it in the chain; empty for the first. */
  readonly prev: string
}

/** A value as canonical JSON: keys sorted, nothing undefined, no white space. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${membersOf(value).join(',')}}`
}

/** SHA-256 over the canonical JSON of everything but the hash itself, in hex. */
export function hashOf({ hash: _hash, ...content }: Omit<AuditRecord, 'hash'> & { hash?: string }): string {
  return sha256(canonicalJson(content))
}

/** A record as a line of a file or a cell of the table. */
export function lineOf(record: AuditRecord): string {
  return canonicalJson(record)
}

/** Parses a line; undefined when it is not a valid record, for whatever reason. */
export function readLine(line: string): AuditRecord | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Whether a record is as it was written: its hash matches, and its line is in canonical form. */
export function isUnaltered(record: AuditRecord, line: string): boolean {
  // Serialised once for both comparisons: a check of all records spends most of its time here.
  const members = membersOf(record)
  if (`{${members.join(',')}}` !== line) return false
  const content = members.filter((member) => !member.startsWith('"hash":'))
  return sha256(`{${content.join(',')}}`) === record.hash
}

/** Members of an object as canonical JSON, sorted by key. */
function membersOf(value: object): string[] {
  const members: string[] = []
  for (const key of Object.keys(value).toSorted()) {
    const held: unknown = Reflect.get(value, key)
    if (held !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(held)}`)
  }
  return members
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function isRecord(value: unknown): value is AuditRecord {
  if (typeof value !== 'object' || value === null) return false
  const { writer, seq, hash, prev, time, action, subjects } = value as Partial<Record<string, unknown>>
  const texts = [writer, hash, prev, time, action]
  return (
    texts.every((text) => typeof text === 'string') && Number.isSafeInteger(seq) && Array.isArray(subjects)
  )
}
