import { ClientError } from '../errors/client-error.ts'

/** The disk refuses; the journal stays in memory until it works again. */
export function spoolUnwritable(folder: string, cause: unknown): ClientError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new ClientError({
    code: 'SOEN_SPOOL_UNWRITABLE',
    message: `The journal ${folder} cannot be written: ${why}`,
    hint: 'Free space or set SOEN_SPOOL_DIR to another disk. Until then up to 16 MB are held in memory.',
    cause,
  })
}

/** The disk refused, and memory ran out or the program ended. */
export function valuesLost(folder: string, name: string, items: number): ClientError {
  return new ClientError({
    code: 'SOEN_SPOOL_UNWRITABLE',
    message: `${items} value(s) of "${name}" were lost: the disk refuses them, and memory holds 16 MB, until the program ends.`,
    hint: `Free space below ${folder}, or set SOEN_SPOOL_DIR to another disk.`,
  })
}

/** Somebody deleted the journal's folder, or another host took the program for dead. */
export function journalMoved(name: string, folder: string): ClientError {
  return new ClientError({
    code: 'SOEN_SPOOL_LOST',
    message: `The journal of "${name}" was removed or taken by another process; the run goes on in ${folder}.`,
    hint: 'Leave the spool folder to the trainings that use it. Values that nobody delivered may be missing.',
  })
}

/** Something that no client wrote is in the place of a segment. */
export function noSegment(path: string): ClientError {
  return new ClientError({
    code: 'SOEN_SPOOL_UNWRITABLE',
    message: `${path} is not a file, and what a journal had in its place cannot be read.`,
    hint: 'Look whose it is and move it away; then deliver the rest with a sync.',
  })
}

/** The journal reached its limit, and metrics were thinned. */
export function metricsThinned(folder: string, name: string): ClientError {
  return new ClientError({
    code: 'SOEN_SPOOL_FULL',
    message: `Metrics of "${name}" are thinned: of 32 points in a row the least, the greatest and the last stay.`,
    hint: `The journal ${folder} has no more room. Mend the way to the server, or raise SOEN_SPOOL_MAX.`,
  })
}

/** The journal exceeds its limit, and nothing in it may be dropped. */
export function spoolFull(folder: string): ClientError {
  return new ClientError({
    code: 'SOEN_SPOOL_FULL',
    message: `The journal ${folder} takes more room than it may; what is left in it is kept all the same.`,
    hint: 'Deliver what other runs left (sync their journals), mend the way to the server, or raise SOEN_SPOOL_MAX.',
  })
}
