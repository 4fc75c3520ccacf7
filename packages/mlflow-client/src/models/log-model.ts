import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { normalizeArtifactPath } from '../artifacts/path.ts'
import { attempt } from '../run/attempt.ts'
import type { Run } from '../run/run.ts'
import { toModelEntry, toModelFile, type ModelEntry, type ModelSignature } from './model-file.ts'

/** A model to log. */
export interface Model {
  /**
   * Its files and folders on this machine, by path or `file:` URL: each is stored below the model's folder under its
   * own name.
   */
  readonly files: string | URL | readonly (string | URL)[]
  /** Folder among the run's artifacts; `model` by default. */
  readonly path?: string | undefined
  /**
   * What the loader of each flavour needs, for example `{ onnx: { data: 'model.onnx', onnx_version: '1.19.0' } }`.
   * By default the flavour `soen` with the name of the first file, which none of MLflow's loaders recognises.
   */
  readonly flavors?: Readonly<Record<string, object>> | undefined
  /** The model's inputs and outputs; MLflow's page shows them. */
  readonly signature?: ModelSignature | undefined
  /** Anything else for its description. */
  readonly metadata?: object | undefined
}

/** MLflow's own tag that lists a run's models. */
const HISTORY_TAG = 'mlflow.log-model.history'
const DEFAULT_PATH = 'model'

/** The models of each run. */
const logged = new WeakMap<Run, ModelEntry[]>()

/**
 * Log a model: its files, and beside them the file `MLmodel` by which MLflow's page and Python client recognise it.
 * `mlflow.models.get_model_info('runs:/RUN_ID/model')` reads it, and `registerModel` creates a version of it.
 */
export function logModel(
  run: Run,
  { files, path = DEFAULT_PATH, flavors, signature, metadata }: Model,
): void {
  attempt(run, `model ${path}`, () => {
    if (normalizeArtifactPath(path) !== path)
      throw new TypeError('its path is empty, not plain, or leaves the artifacts')
    const all = Array.isArray(files) ? files : [files]
    const [first] = all.map((file: string | URL) =>
      basename(file instanceof URL ? fileURLToPath(file) : file),
    )
    if (first === undefined) throw new TypeError('it has no files')
    const description = { path, flavors: flavors ?? { soen: { data: first } }, signature, metadata }
    const entry = toModelEntry(description)
    const history = [...(logged.get(run) ?? []).filter((each) => each.artifact_path !== path), entry]
    for (const file of all) run.artifact(file, { to: path })
    // Last, so that where it exists the model is complete.
    run.text(toModelFile(entry, description), `${path}/MLmodel`)
    logged.set(run, history)
    run.tag(HISTORY_TAG, JSON.stringify(history))
  })
}
