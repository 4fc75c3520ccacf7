import { sendBatch, type Batch } from '../../rest/log-batch.ts'
import type { DeadLetter, Delivery } from './record-kind.ts'

/** Send one batch of metrics, parameters or tags; an invalid item does not affect the others. */
export async function sendBatched(
  batch: Batch,
  { transport, run, signal, persist, addBytes }: Delivery,
): Promise<DeadLetter[]> {
  // Loaded with the first batch.
  const { sendIsolating } = await import('../../rest/isolate.ts')
  const rejected = await sendIsolating(batch, async (part) => {
    const hasOtherWay = part.items.length > 1
    addBytes(await persist(() => sendBatch(transport, run.runId, part, { signal }), { hasOtherWay }))
  })
  return rejected.map(({ kind, item, error }) => ({
    kind,
    name: item.name,
    reason: error.message,
    item: JSON.parse(item.json) as unknown,
  }))
}
