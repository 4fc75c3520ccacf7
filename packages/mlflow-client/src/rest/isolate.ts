import type { Batch, BatchItem } from './log-batch.ts'
import { MlflowError } from './mlflow-error.ts'

/** An item that the server refuses for good, and why. */
export interface RejectedItem {
  readonly kind: Batch['kind']
  readonly item: BatchItem
  readonly error: MlflowError
}

/**
 * Send a batch; if the server refuses it because of an item, find that item and send the others.
 *
 * MLflow refuses a whole batch for one bad name. It usually says which; otherwise the item is found by bisection.
 */
export async function sendIsolating(
  batch: Batch,
  send: (batch: Batch) => Promise<void>,
): Promise<RejectedItem[]> {
  const { kind, items } = batch
  if (items.length === 0) return []
  try {
    await send(batch)
    return []
  } catch (error) {
    if (!(error instanceof MlflowError)) throw error
    const { verdict } = error
    const [first] = items
    const isAlone = items.length === 1 && first !== undefined
    if (verdict === 'item' && isAlone) return [{ kind, item: first, error }]
    if (verdict !== 'item' && (verdict !== 'size' || isAlone)) throw error
    const index = indexIn(error.message, kind)
    const culprit = index === undefined ? undefined : items[index]
    if (culprit !== undefined) {
      const others = items.filter((item) => item !== culprit)
      return [{ kind, item: culprit, error }, ...(await sendIsolating({ kind, items: others }, send))]
    }
    const middle = Math.ceil(items.length / 2)
    return [
      ...(await sendIsolating({ kind, items: items.slice(0, middle) }, send)),
      ...(await sendIsolating({ kind, items: items.slice(middle) }, send)),
    ]
  }
}

/** Whether the server refuses the request's content for good. */
export function isRejection(error: unknown): error is MlflowError {
  return error instanceof MlflowError && error.verdict === 'item'
}

function indexIn(message: string, kind: Batch['kind']): number | undefined {
  const index = new RegExp(`\\b${kind}\\[(\\d+)\\]`).exec(message)?.[1]
  return index === undefined ? undefined : Number(index)
}
