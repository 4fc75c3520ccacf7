import type { WireDataset } from '../../rest/wire.ts'
import type { RecordKind } from './record-kind.ts'

/** A dataset that the run reads. */
export interface InputRecord {
  readonly k: 'i'
  readonly dataset: WireDataset
  /** The purpose of the dataset, for instance `training`. */
  readonly context?: string | undefined
}

/** One request each. */
export const input: RecordKind<InputRecord, InputRecord> = {
  items: () => 1,
  plan: (records) => records,
  send: async (record, { transport, run, persist }) => {
    const { dataset, context } = record
    const tags = context === undefined ? [] : [{ key: 'mlflow.data.context', value: context }]
    // Loaded only by runs that log datasets.
    const [{ logInputs }, { isRejection }] = await Promise.all([
      import('../../rest/inputs.ts'),
      import('../../rest/isolate.ts'),
    ])
    try {
      await persist(() => logInputs(transport, { runId: run.runId, datasets: [{ dataset, tags }] }))
      return []
    } catch (error) {
      if (!isRejection(error)) throw error
      return [{ kind: 'input', name: dataset.name, reason: error.message, item: record }]
    }
  },
}
