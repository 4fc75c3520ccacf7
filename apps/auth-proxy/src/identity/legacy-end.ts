import { UsageError } from '../errors/auth-proxy-error.ts'

/** Parses until when a password is shared: a day, inclusive in UTC, or `never` for one person's own password. */
export function parseLegacyEnd(text: string): string | null {
  if (text === 'never') return null
  const end = new Date(`${text}T00:00:00Z`)
  if (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(end.getTime()) &&
    end.toISOString().startsWith(text)
  ) {
    end.setUTCDate(end.getUTCDate() + 1)
    return end.toISOString()
  }
  throw new UsageError({
    code: 'SOEN_LEGACY_DATE_INVALID',
    message: `${JSON.stringify(text)} is not a day.`,
    hint: 'Write the last day on which the shared password is good, for instance 2027-01-31, or never.',
  })
}
