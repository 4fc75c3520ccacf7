import { lockedRequirements } from './locked-requirements.ts'
import {
  ensureEnvironment,
  type EnsureEnvironmentOptions,
  type PythonEnvironment,
} from './python-environment/ensure-environment.ts'

/** The MLflow that every SOEN server runs. */
export const mlflowVersion = '3.17.2'

/**
 * The pinned MLflow, installed from the hash-locked requirements into the user's cache the first time;
 * `python -m mlflow` of the environment is it.
 *
 * @throws MlflowServerError `SOEN_PYTHON_MISSING`, `SOEN_REGISTRY_UNREACHABLE`, `SOEN_DISK_FULL` and others
 */
export function ensureMlflow(
  options: Pick<EnsureEnvironmentOptions, 'cache' | 'step'> = {},
): Promise<PythonEnvironment> {
  return ensureEnvironment({
    name: 'mlflow',
    label: `MLflow ${mlflowVersion}`,
    requirements: lockedRequirements.mlflow,
    ...options,
  })
}
