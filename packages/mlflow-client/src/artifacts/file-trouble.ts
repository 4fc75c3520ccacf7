import { ClientError } from '../errors/client-error.ts'
import { MlflowError } from '../rest/mlflow-error.ts'

/** The error for a file that was handed over but does not exist or cannot be read any more. */
export function unreadable(file: string, cause: unknown): ClientError {
  return new ClientError({
    code: 'SOEN_ARTIFACT_UNREADABLE',
    message: `The file ${file} cannot be read any more.`,
    hint: 'Keep files until the run has ended, or put the spool folder on the same file system.',
    cause,
  })
}

/** The error for a file that the server acknowledged without storing all of it. */
export function notStored(path: string, stored: number | string, sizeBytes: number): MlflowError {
  return new MlflowError({
    code: 'SOEN_NOT_MLFLOW',
    message: `${path} was acknowledged, but the server has ${stored} of its ${sizeBytes} bytes.`,
    hint: 'It is sent again by itself. Something between here and the server may answer in its place.',
    status: 0,
  })
}

/** The warning that a file was overwritten in place while it was waiting. */
export function changedSince(name: string): ClientError {
  return new ClientError({
    code: 'SOEN_ARTIFACT_CHANGED',
    message: `The file of "${name}" was written to after it was handed over; what arrives is not what it was then.`,
    hint: 'Write a new file beside it and rename that: the one that was handed over then stays as it was.',
  })
}

/** The error that makes the next attempt read the file's current content. */
export function changed(name: string): MlflowError {
  return new MlflowError({
    code: 'SOEN_ARTIFACT_UNREADABLE',
    message: `${name} was given up: the file changed meanwhile.`,
    hint: 'It begins anew by itself. Write a file under another name and rename it when it is whole.',
    status: 0,
  })
}
