import { UsageError } from '../errors/auth-proxy-error.ts'
import { normalizeName } from '../identity/user.ts'
import type { Subject } from './record.ts'

/** Selects records; a field that is left out matches everything. */
export interface AuditFilter {
  readonly subjects?: readonly Subject[]
  /** A user's name. */
  readonly actor?: string
  /** A part of the action's name; ignores case. */
  readonly action?: string
  readonly isDenied?: boolean
  /** ISO 8601; `since` is inclusive, `until` exclusive. */
  readonly since?: string
  readonly until?: string
}

/** A filter as the user typed it. */
export interface TypedFilter {
  readonly run?: string | undefined
  readonly experiment?: string | undefined
  readonly user?: string | undefined
  readonly action?: string | undefined
  readonly denied?: boolean | undefined
  /** A time, a day, or an age such as `7d`. */
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly limit?: string | undefined
}

/** The position of a page's last record, from which the next page continues. */
export interface AuditPosition {
  readonly time: string
  readonly writer: string
  readonly seq: number
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const isoTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/
const maxLimit = 1000

/** Parses what was typed; an error says what is invalid and what the right form is. */
export function parseFilter(typed: TypedFilter, now: Date): AuditFilter {
  const [run, experiment, user, action] = [typed.run, typed.experiment, typed.user, typed.action].map(given)
  const [since, until] = [given(typed.since), given(typed.until)]
  const subjects: Subject[] = []
  if (run !== undefined) subjects.push({ kind: 'run', value: run })
  if (experiment !== undefined) subjects.push({ kind: 'experiment', value: experiment })
  return {
    ...(subjects.length === 0 ? {} : { subjects }),
    ...(user === undefined ? {} : { actor: normalizeName(user) }),
    ...(action === undefined ? {} : { action }),
    ...(typed.denied === true ? { isDenied: true } : {}),
    ...(since === undefined ? {} : { since: parseTime(since, now) }),
    ...(until === undefined ? {} : { until: parseTime(until, now) }),
  }
}

/** Parses the number of records: 1 to 1000. */
export function parseLimit(typed: string | undefined, fallback: number): number {
  const text = given(typed)
  if (text === undefined) return fallback
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > maxLimit)
    throw invalid(`A limit of ${JSON.stringify(text)} is not 1 to ${maxLimit}.`)
  return limit
}

/** Writes a position as an opaque text, for the address of the next page. */
export function writeCursor({ time, writer, seq }: AuditPosition): string {
  return Buffer.from(JSON.stringify([time, writer, seq])).toString('base64url')
}

/** Parses it again. */
export function parseCursor(text: string | undefined): AuditPosition | undefined {
  if (given(text) === undefined) return undefined
  try {
    const [time, writer, seq]: unknown[] = JSON.parse(Buffer.from(text ?? '', 'base64url').toString('utf8'))
    if (typeof time === 'string' && typeof writer === 'string' && typeof seq === 'number') {
      return { time, writer, seq }
    }
  } catch {
    // Handled below, as any other invalid text.
  }
  throw invalid('The cursor is not one that a page before this gave out.')
}

function parseTime(text: string, now: Date): string {
  const { count, unit = '' } = /^(?<count>\d{1,5})(?<unit>[mhdw])$/.exec(text)?.groups ?? {}
  const time = count === undefined ? absolute(text) : now.getTime() - Number(count) * (unitMs[unit] ?? 0)
  if (Number.isNaN(time)) throw invalid(`${JSON.stringify(text)} is no time.`)
  return new Date(time).toISOString()
}

/** Without a zone it is taken as UTC, as everything that is shown. */
function absolute(text: string): number {
  if (!isoTime.test(text)) return Number.NaN
  return Date.parse(/T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`)
}

function given(text: string | undefined): string | undefined {
  const trimmed = text?.trim()
  return trimmed === '' ? undefined : trimmed
}

function invalid(message: string): UsageError {
  return new UsageError({
    code: 'SOEN_AUDIT_FILTER_INVALID',
    message,
    hint: 'Write an age as 30m, 12h, 7d or 4w, a time as 2026-11-25 or 2026-11-25T18:00Z (UTC), a limit as 1 to 1000.',
  })
}
