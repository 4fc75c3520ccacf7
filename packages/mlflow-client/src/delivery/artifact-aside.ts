import { ClientError } from '../errors/client-error.ts'

/** The warning that the server does not store a file for now; nothing else waits for it. */
export function artifactAside(path: string, reason: string, file: string): ClientError {
  return new ClientError({
    code: 'SOEN_ARTIFACT_WAITS',
    message: `The artifact "${path}" is not stored for now: ${reason}`,
    hint: `Everything else goes on. The next sync tries it again; until then it is kept in ${file}`,
  })
}
