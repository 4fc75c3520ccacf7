import { createHash } from 'node:crypto'
import type { WireExperiment } from '@soen/mlflow-client/rest'

/**
 * Experiments of which nobody could ask the server: each has an id of its own until their runs are delivered, which
 * go by the name.
 */
export class OfflineExperiments {
  readonly #names = new Map<string, string>()

  /** The experiment of a name: the same one in all processes of a job. */
  named(name: string): WireExperiment {
    const experimentId = idOf(name)
    this.#names.set(experimentId, name)
    return toWire(experimentId, name)
  }

  /** The experiment of an id that was given out here. */
  withId(experimentId: string): WireExperiment | undefined {
    const name = this.#names.get(experimentId)
    return name === undefined ? undefined : toWire(experimentId, name)
  }

  get all(): readonly WireExperiment[] {
    return Array.from(this.#names, ([experimentId, name]) => toWire(experimentId, name))
  }
}

/** 18 digits, as MLflow's own file store gives them: programs may take an id for a number. */
function idOf(name: string): string {
  const number = createHash('sha256').update(name).digest().readBigUInt64BE() % 10n ** 17n
  return String(9n * 10n ** 17n + number)
}

function toWire(experimentId: string, name: string): WireExperiment {
  return {
    experiment_id: experimentId,
    name,
    artifact_location: `mlflow-artifacts:/${experimentId}`,
    lifecycle_stage: 'active',
    tags: [],
  }
}
