import { UsageError } from '../errors/auth-proxy-error.ts'
import { isDatabaseUrl } from '../store/open-store.ts'

const defaultKeepDays = 400

/**
 * The folder of the audit's files: the given one, else one beside a state file; none where the state is in a
 * database.
 */
export function auditFolder(chosen: string | undefined, state: string): string | undefined {
  if (chosen === 'none') return undefined
  if (chosen !== undefined && chosen !== '') return chosen
  return isDatabaseUrl(state) ? undefined : `${state}.audit`
}

/** For how many days records are kept: 400 by default. */
export function parseKeepDays(typed: string | undefined): number {
  if (typed === undefined) return defaultKeepDays
  const days = /^\d{1,5}$/.test(typed) ? Number(typed) : 0
  if (days >= 1) return days
  throw new UsageError({
    code: 'SOEN_AUDIT_KEEP_INVALID',
    message: `${JSON.stringify(typed)} is no number of days.`,
    hint: 'Give --audit-days a whole number from 1 to 99999.',
  })
}
