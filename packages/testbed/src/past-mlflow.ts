import { fileURLToPath } from 'node:url'
import { ensureEnvironment } from '@soen/mlflow-server'

/** Versions of MLflow's client with which tests create old stores. */
export type PastMlflow = '1.26.1' | '1.30.0' | '2.9.2' | '2.22.0'

/** Python with the unmodified `mlflow` client of a version. Installed into the user's cache the first time. */
export async function ensurePastMlflow(version: PastMlflow): Promise<string> {
  const { python } = await ensureEnvironment({
    name: `mlflow-${version}`,
    label: `MLflow ${version}`,
    requirements: fileURLToPath(new URL(`../past-mlflow/${version}.txt`, import.meta.url)),
  })
  return python
}
