import { ClientError } from '../errors/client-error.ts'
import { createExperiment, getExperimentByName } from './experiments.ts'
import { MlflowError } from './mlflow-error.ts'
import type { Transport } from './transport.ts'

/**
 * The id of the experiment with that name, which is created if it does not exist.
 *
 * @throws ClientError SOEN_EXPERIMENT_DELETED
 */
export async function ensureExperiment(transport: Transport, name: string): Promise<string> {
  const found = await getExperimentByName(transport, name)
  if (found?.lifecycle_stage === 'deleted') {
    throw new ClientError({
      code: 'SOEN_EXPERIMENT_DELETED',
      message: `The experiment "${name}" was deleted on the server.`,
      hint: 'Restore it in the web page or with `mlflow experiments restore`, then sync or import again; nothing is lost.',
    })
  }
  if (found !== undefined) return found.experiment_id
  try {
    return await createExperiment(transport, name)
  } catch (error) {
    // Another process has just created it.
    if (!(error instanceof MlflowError) || error.errorCode !== 'RESOURCE_ALREADY_EXISTS') throw error
    return await ensureExperiment(transport, name)
  }
}
