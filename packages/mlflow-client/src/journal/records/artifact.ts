import { join } from 'node:path'
import { isSameFile, stateOf } from '../../artifacts/file-state.ts'
import { changedSince } from '../../artifacts/file-trouble.ts'
import { forgetFile, noteSent, wasSent } from '../../artifacts/sent-files.ts'
import { locateHeld, type HeldFile } from '../../artifacts/take-file.ts'
import { ClientError } from '../../errors/client-error.ts'
import { MlflowError } from '../../rest/mlflow-error.ts'
import type { DeadLetter, Delivery, RecordKind } from './record-kind.ts'

/** A file to upload. */
export interface ArtifactRecord extends HeldFile {
  readonly k: 'a'
  /** Path among the run's artifacts. */
  readonly to: string
}

/** One upload each. The journal holds the file until its record is acknowledged. */
export const artifact: RecordKind<ArtifactRecord, ArtifactRecord> = {
  items: () => 1,
  plan: (records) => records,
  send: async (record, delivery) => (wasSent(delivery.folder, record) ? [] : await upload(record, delivery)),
  forget: (record, folder) => forgetFile(folder, record),
}

async function upload(record: ArtifactRecord, delivery: Delivery): Promise<DeadLetter[]> {
  const { transport, run, folder, signal, timeoutMs, fetch, onProgress, persist } = delivery
  const { to } = record
  await delivery.copied(record)
  const { file, at } = locateHeld(record, folder)
  const { artifactUri } = run
  const notesFolder = join(folder, 'uploads')
  // Loaded by runs that have files.
  const { uploadFile } = await import('../../artifacts/upload.ts')
  try {
    if (at !== undefined && !isSameFile(at, await stateOf(file))) delivery.warn(changedSince(to))
    delivery.addBytes(
      await persist(
        () =>
          uploadFile(transport, { file, to, artifactUri, notesFolder, signal, timeoutMs, fetch, onProgress }),
        { hasOtherWay: true },
      ),
    )
    noteSent(folder, record)
    return []
  } catch (error) {
    return [rejected(record, error)]
  }
}

/** A file that cannot be read, or that the server will never take. Throws what is not the file's fault. */
export function rejected(item: { readonly to: string }, error: unknown): DeadLetter {
  const isItsOwn = error instanceof MlflowError ? ['item', 'size'].includes(error.verdict) : true
  if (!(error instanceof ClientError) || !isItsOwn) throw error
  return { kind: 'artifact', name: item.to, reason: error.message, item }
}
