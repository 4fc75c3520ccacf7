import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isRun, type ExperimentMeta } from './experiment-meta.ts'
import { experimentFolders, listExperiments } from './experiments.ts'
import { EXPERIMENT_FOLDERS, META_FILE, RUN_ID } from './layout.ts'
import { readMetaFields } from './meta-fields.ts'
import { readRunFolder, type StoredRun, type TornPart } from './read-run.ts'

/** An experiment with the folders of its runs. */
export interface StoredExperiment {
  readonly meta: ExperimentMeta
  readonly runFolders: readonly string[]
}

/** The experiments of a store, and the parts that cannot be read. */
export interface StoredExperiments {
  readonly experiments: readonly StoredExperiment[]
  readonly torn: readonly TornPart[]
}

/** The experiments of a store that any program wrote, deleted ones included. */
export async function readExperiments(path: string): Promise<StoredExperiments> {
  const found = await listExperiments(path)
  const known = new Set(found.map(({ folder }) => folder))
  return {
    experiments: found.map(({ meta, folder }) => ({ meta, runFolders: runFolders(folder) })),
    torn: await tornExperiments(experimentFolders(path).filter((folder) => !known.has(folder))),
  }
}

async function tornExperiments(folders: readonly string[]): Promise<TornPart[]> {
  const torn: TornPart[] = []
  for (const folder of folders) {
    const path = join(folder, META_FILE)
    const fields = await readMetaFields(path)
    if (fields === undefined || !isRun(fields))
      torn.push({ path, why: 'the description of the experiment is torn' })
  }
  return torn
}

/** The runs of an experiment one after the other; a run whose description is torn is reported instead. */
export async function* readRuns({
  runFolders: folders,
}: Pick<StoredExperiment, 'runFolders'>): AsyncGenerator<StoredRun | TornPart, void, undefined> {
  for (const folder of folders) {
    yield (
      (await readRunFolder(folder)) ?? {
        path: join(folder, META_FILE),
        why: 'the description of the run is torn',
      }
    )
  }
}

/** The folders of an experiment's runs. */
export function runFolders(experimentFolder: string): string[] {
  return readdirSync(experimentFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && RUN_ID.test(entry.name) && !EXPERIMENT_FOLDERS.has(entry.name))
    .map(({ name }) => join(experimentFolder, name))
    .filter((folder) => existsSync(join(folder, META_FILE)))
    .sort()
}
