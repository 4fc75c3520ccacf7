import { lockedRequirements } from './locked-requirements.ts'
import {
  ensureEnvironment,
  type EnsureEnvironmentOptions,
  type PythonEnvironment,
} from './python-environment/ensure-environment.ts'

/** The MLflow version of every SOEN server. */
export const mlflowVersion = '3.17.2'

/**
 * The environment of the pinned MLflow, for `python -m mlflow`; installed from the hash-locked requirements into the
 * user's cache the first time.
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
