import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { datasetId, inputId, META_FILE } from './layout.ts'
import { toMetaYaml } from './meta-yaml.ts'
import { stagedName, writeWhole } from './whole-file.ts'

/** A dataset that a run used. */
export interface StoredDataset {
  readonly name: string
  readonly digest: string
  readonly sourceType: string
  readonly source: string
  readonly schema?: string | undefined
  readonly profile?: string | undefined
  /** `mlflow.data.context` is its purpose. */
  readonly tags: Readonly<Record<string, string>>
}

/** Store which datasets and models a run used; existing entries stay unchanged. */
export function writeInputs(
  root: string,
  runFolder: string,
  runId: string,
  {
    datasets,
    modelIds,
  }: { readonly datasets: readonly StoredDataset[]; readonly modelIds: readonly string[] },
): void {
  for (const dataset of datasets) {
    const id = datasetId(dataset)
    const { name, digest, source } = dataset
    const path = join(runFolder, '..', 'datasets', id, META_FILE)
    if (!existsSync(path)) {
      const { schema = null, profile = null } = dataset
      const fields = { name, digest, source, source_type: dataset.sourceType, schema, profile }
      writeWhole(root, path, toMetaYaml(fields))
    }
    writeInput(runFolder, runId, { type: 'DATASET', id, tags: dataset.tags })
  }
  for (const id of modelIds) writeInput(runFolder, runId, { type: 'MODEL', id, tags: {} })
}

function writeInput(
  runFolder: string,
  runId: string,
  source: { readonly type: string; readonly id: string; readonly tags: Readonly<Record<string, string>> },
): void {
  const folder = join(runFolder, 'inputs', inputId(source.id, runId))
  if (existsSync(folder)) return
  const text = toMetaYaml({
    source_type: source.type,
    source_id: source.id,
    destination_type: 'RUN',
    // MLflow writes the source here as well, but never reads it.
    destination_id: source.id,
    tags: source.tags,
  })
  // An input without its description makes MLflow refuse the run, so the folder appears together with it.
  const staged = join(runFolder, stagedName())
  mkdirSync(staged)
  writeFileSync(join(staged, META_FILE), text)
  mkdirSync(join(runFolder, 'inputs'), { recursive: true })
  renameSync(staged, folder)
}
