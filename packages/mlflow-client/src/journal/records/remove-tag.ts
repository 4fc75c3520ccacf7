import { deleteRunTag } from '../../rest/run-data.ts'
import { MlflowError } from '../../rest/mlflow-error.ts'
import type { Delivery } from './record-kind.ts'

/** Remove a tag of the run. If it does not exist (any more), nothing is to be done. */
export async function removeTag(
  key: string,
  { transport, run: { runId }, persist }: Delivery,
): Promise<void> {
  try {
    await persist(() => deleteRunTag(transport, { runId, key }))
  } catch (error) {
    if (!(error instanceof MlflowError) || error.errorCode !== 'RESOURCE_DOES_NOT_EXIST') throw error
  }
}
