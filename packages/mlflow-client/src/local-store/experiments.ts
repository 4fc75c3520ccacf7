import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { refusal } from '../rest/refusal.ts'
import { toFileUri } from '../settings/file-uri.ts'
import { fromExperimentFields, toExperimentYaml, type ExperimentMeta } from './experiment-meta.ts'
import {
  DEFAULT_EXPERIMENT_ID,
  EXPERIMENT_ID,
  experimentIdFrom,
  findExperimentFolder,
  META_FILE,
  REGISTRY_FOLDER,
  TRASH_FOLDER,
} from './layout.ts'
import { readMetaFields } from './meta-fields.ts'
import { writeWhole } from './whole-file.ts'

/** An experiment with its folder. */
export interface FoundExperiment {
  readonly meta: ExperimentMeta
  readonly folder: string
}

/** Create the folders that every store has, where they are missing. */
export function ensureStore(root: string): void {
  mkdirSync(join(root, TRASH_FOLDER), { recursive: true })
  // As MLflow does: only a store without any experiment gets the default one.
  if (experimentFolders(root).length === 0) writeExperiment(root, DEFAULT_EXPERIMENT_ID, 'Default')
}

/** The folders of all experiments, deleted ones last. */
export function experimentFolders(root: string): string[] {
  return [root, join(root, TRASH_FOLDER)].flatMap((parent) =>
    existsSync(parent)
      ? readdirSync(parent, { withFileTypes: true })
          .filter(({ name }) => EXPERIMENT_ID.test(name) && name !== REGISTRY_FOLDER)
          .map(({ name }) => join(parent, name))
          .filter((folder) => existsSync(join(folder, META_FILE)))
      : [],
  )
}

/** All experiments whose description can be read. */
export async function listExperiments(root: string): Promise<FoundExperiment[]> {
  const found: FoundExperiment[] = []
  for (const folder of experimentFolders(root)) {
    const fields = await readMetaFields(join(folder, META_FILE))
    const meta = fields && fromExperimentFields(fields)
    if (meta !== undefined) found.push({ meta, folder })
  }
  return found
}

/** The experiment of that name, active before deleted. */
export async function findExperiment(root: string, name: string): Promise<FoundExperiment | undefined> {
  const all = await listExperiments(root)
  return all.find(({ meta }) => meta.name === name)
}

/** Create an experiment; resolves to its id. */
export async function createExperiment(root: string, name: string): Promise<string> {
  if (name === '' || name.length > 500) {
    throw refusal('INVALID_PARAMETER_VALUE', `An experiment cannot be named ${JSON.stringify(name)}.`)
  }
  // Looked up again after each id that is taken: another process may be creating the same experiment right now.
  for (let attempt = 0; ; attempt += 1) {
    if ((await findExperiment(root, name)) !== undefined) {
      throw refusal('RESOURCE_ALREADY_EXISTS', `Experiment '${name}' already exists.`)
    }
    const id = experimentIdFrom(name, attempt)
    if (findExperimentFolder(root, id) === undefined) {
      writeExperiment(root, id, name)
      return id
    }
  }
}

function writeExperiment(root: string, experimentId: string, name: string): void {
  const folder = join(root, experimentId)
  const now = Date.now()
  const meta: ExperimentMeta = {
    experimentId,
    name,
    artifactLocation: toFileUri(folder),
    lifecycle: 'active',
    createdMs: now,
    updatedMs: now,
  }
  writeWhole(root, join(folder, META_FILE), toExperimentYaml(meta))
}
