import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The experiment that every store has. */
export const DEFAULT_EXPERIMENT_ID = '0'
/** The file that describes an experiment, a run, a dataset or an input. */
export const META_FILE = 'meta.yaml'
/** The folder of deleted experiments. */
export const TRASH_FOLDER = '.trash'
/** Without any of these, a folder is not a run to MLflow. */
export const RUN_FOLDERS = ['metrics', 'params', 'artifacts'] as const
/** Folders in an experiment that are not runs. */
export const EXPERIMENT_FOLDERS: ReadonlySet<string> = new Set(['tags', 'datasets', 'traces', 'models'])
/** The folder of the model registry, beside the experiments. */
export const REGISTRY_FOLDER = 'models'

/** MLflow's own rule for run ids. */
export const RUN_ID: RegExp = /^[a-zA-Z0-9][\w-]{0,255}$/

/** MLflow's own rule for experiment ids. */
export const EXPERIMENT_ID: RegExp = /^[a-zA-Z0-9][\w-]{0,63}$/

/** The id of a run, derived from the client's own: creating it twice creates one. */
export function runIdFrom(clientRunId: string): string {
  const hex = clientRunId.replaceAll('-', '').toLowerCase()
  return /^[0-9a-f]{32}$/.test(hex) ? hex : digest(clientRunId)
}

/**
 * The id of an experiment, derived from its name: two programs that create it at once create the same one.
 *
 * @param attempt - gives another id for the same name, when the first belongs to an experiment that was renamed
 */
export function experimentIdFrom(name: string, attempt = 0): string {
  const salted = attempt === 0 ? name : `${name}\0${attempt}`
  // MLflow's ids have 18 digits, of which the first is not 0.
  const number = BigInt(`0x${digest(salted).slice(0, 30)}`) % 900_000_000_000_000_000n
  return String(number + 100_000_000_000_000_000n)
}

/** The folder of an experiment, active or deleted; undefined when there is none. */
export function findExperimentFolder(root: string, id: string): string | undefined {
  if (!EXPERIMENT_ID.test(id)) return undefined
  return [join(root, id), join(root, TRASH_FOLDER, id)].find((folder) => existsSync(join(folder, META_FILE)))
}

/** The folder name of a dataset within its experiment. */
export function datasetId({
  name,
  digest: version,
}: {
  readonly name: string
  readonly digest: string
}): string {
  return digest(name + version)
}

/** The folder name of an input within its run. */
export function inputId(sourceId: string, runId: string): string {
  return digest(sourceId + runId)
}

/** MLflow names these folders by MD5; nothing secret depends on it. */
function digest(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
