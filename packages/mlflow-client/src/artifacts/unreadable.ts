import { ClientError } from '../errors.ts'

/** A file that was handed over, and is not there or cannot be read any more. */
export function unreadable(file: string, cause: unknown): ClientError {
  return new ClientError({
    code: 'SOEN_ARTIFACT_UNREADABLE',
    message: `The file ${file} cannot be read any more.`,
    hint: 'Keep files until the run has ended, or put the spool folder on the same file system.',
    cause,
  })
}
