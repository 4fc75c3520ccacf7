import { createHash } from 'node:crypto'
import type { IdKind } from '../routes/rule.ts'

/** What a record is about: what the checker read of a request, or an account of ours and what belongs to it. */
export interface Subject {
  readonly kind: IdKind | 'user' | 'token' | 'session'
  readonly value: string
}

/** A place in a chain, which a later record vouches for. */
export interface ChainMark {
  readonly writer: string
  readonly seq: number
  readonly hash: string
}

/** How somebody was known. */
export type Via = 'password' | 'shared password' | 'token' | 'session' | 'command'

/** What happened, without anything secret: no header, no query, no body, no name that nobody has. */
export interface AuditEvent {
  /** The route's name, for instance `POST {api}/2.0/mlflow/runs/delete`. */
  readonly action: string
  readonly allowed: boolean
  /** Name of the rule or policy that decided. */
  readonly rule?: string | undefined
  readonly reason?: string | undefined
  /** Code of the refusal. */
  readonly code?: string | undefined
  /** User name; of somebody who was not let in only when there is such an account. */
  readonly actor?: string | undefined
  readonly via?: Via | undefined
  /** Id of the token or session. */
  readonly credential?: string | undefined
  /** What its owner calls the token. */
  readonly token?: string | undefined
  readonly address?: string | undefined
  readonly requestId?: string | undefined
  readonly subjects: readonly Subject[]
  /** Status of the answer; missing where none was sent. */
  readonly status?: number | undefined
  /** Set where the request was only about to be sent on: kept before, because what it does cannot be undone. */
  readonly asked?: true | undefined
  /** How many requests this one record stands for, since when (ISO 8601), and what they were. */
  readonly count?: number | undefined
  readonly since?: string | undefined
  readonly actions?: Readonly<Record<string, number>> | undefined
  readonly statuses?: Readonly<Record<string, number>> | undefined
  /** How many subjects more there were than are listed. */
  readonly moreSubjects?: number | undefined
  /** Of a chain's first record: how other chains ended, in the table and in the folder. */
  readonly heads?: readonly ChainMark[] | undefined
  readonly after?: FileEnd | undefined
  /** Records of this chain that a sink never got, first and last included. */
  readonly missing?: { readonly sink: string; readonly from: number; readonly to: number } | undefined
  /** What a sink dropped because of its age: of each chain everything up to that number. */
  readonly expired?: { readonly sink: string; readonly upTo: Readonly<Record<string, number>> } | undefined
}

/** How the file that was written before this one ends; without a mark it has no whole record. */
export interface FileEnd {
  readonly file: string
  readonly mark?: ChainMark
  /** Whether its last line is only a part of one, as a killed process leaves it. */
  readonly isTorn: boolean
}

/** An event in its chain. */
export interface AuditRecord extends AuditEvent, ChainMark {
  /** ISO 8601 in UTC: when it was over, or written down. */
  readonly time: string
  /** Hash of the record before it in the chain; empty for the first. */
  readonly prev: string
}

/** The one spelling of a value as JSON: keys in order, nothing undefined, no white space. */
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

/** Reads a line; undefined when it is no record, however it came to be so. */
export function readLine(line: string): AuditRecord | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Whether a record says what was once written: its hash fits, and its line is spelled in the one way. */
export function isUnaltered(record: AuditRecord, line: string): boolean {
  // Spelled once for both, of which a check of all records takes most of its time.
  const members = membersOf(record)
  if (`{${members.join(',')}}` !== line) return false
  const content = members.filter((member) => !member.startsWith('"hash":'))
  return sha256(`{${content.join(',')}}`) === record.hash
}

/** Members of an object as canonical JSON, in order. */
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
