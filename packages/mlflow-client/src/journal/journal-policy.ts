import type { Environment } from '../settings/environment.ts'

/** The durability of a journal, and its size limits. */
export interface JournalPolicy {
  /**
   * - `buffered`: a kill loses at most the last 50 ms, or in a synchronous step a sixteenth of a burst of more than
   *   64 calls before it
   * - `sync`: every call is written before it returns, and a kill loses nothing
   */
  readonly durability: 'buffered' | 'sync'
  /** A power failure loses at most what was accepted in this time; 0 leaves it to the system. */
  readonly fsyncEveryMs: number
  /** Limit for the journal of one run. */
  readonly maxRunBytes: number
  /** Limit for all journals in the spool folder together. */
  readonly maxSpoolBytes: number
}

const GIB = 2 ** 30
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  ki: 2 ** 10,
  m: 1e6,
  mi: 2 ** 20,
  g: 1e9,
  gi: GIB,
  t: 1e12,
  ti: 2 ** 40,
}

/** The policy by default. */
export const DEFAULT_JOURNAL_POLICY: JournalPolicy = {
  durability: 'buffered',
  fsyncEveryMs: 1000,
  maxRunBytes: 2 * GIB,
  maxSpoolBytes: 10 * GIB,
}

/** `SOEN_DURABILITY`, `SOEN_FSYNC_SECONDS` and `SOEN_SPOOL_MAX` (as in `500MB` or `20GiB`). */
export function journalPolicyFromEnv(env: Environment): JournalPolicy {
  const { maxRunBytes, fsyncEveryMs, maxSpoolBytes } = DEFAULT_JOURNAL_POLICY
  const spool = sizeBytes(env['SOEN_SPOOL_MAX']) ?? maxSpoolBytes
  const seconds = Number(env['SOEN_FSYNC_SECONDS'] || fsyncEveryMs / 1000)
  return {
    durability: env['SOEN_DURABILITY'] === 'sync' ? 'sync' : 'buffered',
    fsyncEveryMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : fsyncEveryMs,
    maxRunBytes: Math.min(maxRunBytes, spool),
    maxSpoolBytes: spool,
  }
}

/** Parse a size such as `10GiB`, `500 MB` or `1000000`; undefined when it is none. */
function sizeBytes(text: string | undefined): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?\s*$/i.exec(text ?? '')
  const unit = UNITS[(match?.[2] ?? '').toLowerCase()]
  return match === null || unit === undefined ? undefined : Math.round(Number(match[1]) * unit)
}
