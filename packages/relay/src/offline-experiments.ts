import { createHash } from 'node:crypto'
import type { WireExperiment } from '@soen/mlflow-client/rest'

/**
 * Experiments that could not be looked up because the server was away: each gets an id of its own until its runs are
 * delivered, which uses the name.
 */
export class OfflineExperiments {
  readonly #names = new Map<string, string>()

  /** The experiment with this name: the same in all processes of a job. */
  named(name: string): WireExperiment {
    const experimentId = idOf(name)
    this.#names.set(experimentId, name)
    return toWire(experimentId, name)
  }

  /** The experiment with an id that was assigned here. */
  withId(experimentId: string): WireExperiment | undefined {
    const name = this.#names.get(experimentId)
    return name === undefined ? undefined : toWire(experimentId, name)
  }

  get all(): readonly WireExperiment[] {
    return Array.from(this.#names, ([experimentId, name]) => toWire(experimentId, name))
  }
}

/** 18 digits, as in MLflow's own file store: programs may parse an id as a number. */
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
