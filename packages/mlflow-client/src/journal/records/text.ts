import { rejected } from './artifact.ts'
import type { RecordKind } from './record-kind.ts'

/** A text that becomes a file, and lies in the journal itself: the spool folder could not take another file. */
export interface TextRecord {
  readonly k: 'x'
  readonly text: string
  /** Path among the run's artifacts. */
  readonly to: string
}

/** One upload each. */
export const text: RecordKind<TextRecord, TextRecord> = {
  items: () => 1,
  plan: (records) => records,
  send: async (record, { transport, run, signal, timeoutMs, persist, addBytes }) => {
    const { to: path, text: content } = record
    const { artifactUri } = run
    const { uploadText } = await import('../../artifacts/upload.ts')
    try {
      addBytes(
        await persist(() => uploadText(transport, { artifactUri, path, text: content, signal, timeoutMs }), {
          hasOtherWay: true,
        }),
      )
      return []
    } catch (error) {
      return [rejected(record, error)]
    }
  },
}
