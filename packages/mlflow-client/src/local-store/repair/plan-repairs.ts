import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { isUtf8 } from 'node:buffer'
import { basename, join, relative } from 'node:path'
import { fromExperimentFields, isRun, toExperimentYaml } from '../experiment-meta.ts'
import {
  EXPERIMENT_FOLDERS,
  EXPERIMENT_ID,
  META_FILE,
  REGISTRY_FOLDER,
  RUN_FOLDERS,
  RUN_ID,
  TRASH_FOLDER,
} from '../layout.ts'
import { readMetaFields } from '../meta-fields.ts'
import { isStorableName } from '../names.ts'
import { namesBelow, readRunData } from '../read-run.ts'
import { fromRunFields, toRunYaml } from '../run-meta.ts'
import { isStaged } from '../whole-file.ts'
import { findMetricDamage } from './metric-text.ts'
import { salvageExperiment, salvageRun } from './salvage.ts'

/** A problem of a store, and how to fix it. */
export interface StoreRepair {
  /** Relative to the store. */
  readonly path: string
  readonly why: string
  /**
   * - `move-aside`: it should not be there
   * - `rewrite`: it is kept aside, and `content` takes its place
   * - `make-folder`: it is missing
   */
  readonly action: 'move-aside' | 'rewrite' | 'make-folder'
  readonly content?: string
}

type Repairs = AsyncGenerator<StoreRepair, void, undefined> | Generator<StoreRepair, void, undefined>

/**
 * Everything in a store because of which MLflow would refuse it, an experiment, a run, or the migration. Changes
 * nothing.
 */
export async function planRepairs(root: string): Promise<StoreRepair[]> {
  const repairs: StoreRepair[] = []
  for (const left of leftovers(root)) repairs.push({ ...left, path: relative(root, left.path) })
  for (const parent of [root, join(root, TRASH_FOLDER)]) {
    for (const folder of subfolders(parent)) {
      const name = basename(folder)
      if (parent === root && (name === TRASH_FOLDER || name === REGISTRY_FOLDER)) continue
      const found: Repairs = EXPERIMENT_ID.test(name)
        ? inExperiment(folder, parent !== root)
        : strange(folder, 'a folder that is no experiment')
      for await (const repair of found) repairs.push({ ...repair, path: relative(root, repair.path) })
    }
  }
  return repairs
}

async function* inExperiment(folder: string, isDeleted: boolean): Repairs {
  const runs = subfolders(folder).filter(
    (run) => RUN_ID.test(basename(run)) && !EXPERIMENT_FOLDERS.has(basename(run)),
  )
  const path = join(folder, META_FILE)
  const fields = await readMetaFields(path)
  // MLflow ignores a whole run in the place of an experiment, and one in its trash.
  if (fields !== undefined && isRun(fields)) return
  const meta = fields && fromExperimentFields(fields)
  // A folder without description and runs is not an experiment, and MLflow ignores it.
  const isWanted = existsSync(path) || runs.some((run) => existsSync(join(run, META_FILE)))
  if (isWanted && meta?.experimentId !== basename(folder)) {
    const changedMs = Math.round(statSync(folder).mtimeMs)
    const rebuilt = await salvageExperiment(textOf(path), { folder, isDeleted, changedMs })
    yield { path, why: descriptionDamage(path, meta), action: 'rewrite', content: toExperimentYaml(rebuilt) }
  }
  yield* inTexts(join(folder, 'tags'))
  for (const run of runs) yield* inRun(run)
}

async function* inRun(folder: string): Repairs {
  const path = join(folder, META_FILE)
  const hasData = ['metrics', 'params'].some((part) => namesBelow(join(folder, part)).length > 0)
  // A run that is being created has no description yet, and MLflow ignores it.
  if (!existsSync(path) && !hasData) return
  const fields = await readMetaFields(path)
  const meta = fields && fromRunFields(fields)
  if (meta?.runId !== basename(folder) || meta.experimentId !== basename(join(folder, '..'))) {
    const rebuilt = await rebuildRun(folder, textOf(path))
    yield { path, why: descriptionDamage(path, meta), action: 'rewrite', content: rebuilt }
  }
  yield* leftovers(folder)
  for (const part of RUN_FOLDERS) {
    if (!existsSync(join(folder, part))) {
      yield { path: join(folder, part), why: 'a run without this folder is not found', action: 'make-folder' }
    }
  }
  yield* inMetrics(join(folder, 'metrics'))
  yield* inTexts(join(folder, 'params'))
  yield* inTexts(join(folder, 'tags'))
  for (const input of subfolders(join(folder, 'inputs'))) {
    if ((await readMetaFields(join(input, META_FILE))) === undefined)
      yield* strange(input, 'an input without description')
  }
}

function* inMetrics(folder: string): Generator<StoreRepair, void, undefined> {
  for (const name of namesBelow(folder)) {
    const path = join(folder, name)
    const damage = isStorableName(name)
      ? findMetricDamage(textOf(path))
      : { why: 'no name of a metric', content: undefined }
    if (damage === undefined) continue
    const { why, content } = damage
    yield content === undefined
      ? { path, why, action: 'move-aside' }
      : { path, why, action: 'rewrite', content }
  }
}

function* inTexts(folder: string): Generator<StoreRepair, void, undefined> {
  for (const name of namesBelow(folder)) {
    const path = join(folder, name)
    if (!isStorableName(name)) yield* strange(path, 'no name of a param or tag')
    else if (!isUtf8(readFileSync(path))) yield* strange(path, 'no UTF-8 text')
  }
}

/**
 * Temporary files of our own writer, left when it was killed before renaming them. They harm nobody but take space.
 */
function* leftovers(folder: string): Generator<StoreRepair, void, undefined> {
  const names = existsSync(folder) ? readdirSync(folder) : []
  for (const name of names.filter(isStaged)) yield* strange(join(folder, name), 'left by a killed writer')
}

function* strange(path: string, why: string): Generator<StoreRepair, void, undefined> {
  yield { path, why, action: 'move-aside' }
}

async function rebuildRun(folder: string, torn: string): Promise<string> {
  const { tags, metrics } = await readRunData(folder)
  const times = Object.values(metrics).flatMap((points) => points.map(({ timestampMs }) => timestampMs))
  const changedMs = Math.round(statSync(folder).mtimeMs)
  const firstMs = times.reduce((a, b) => Math.min(a, b), changedMs)
  const lastMs = times.length === 0 ? changedMs : times.reduce((a, b) => Math.max(a, b))
  return toRunYaml(await salvageRun(torn, { folder, tags, firstMs, lastMs }))
}

function descriptionDamage(path: string, meta: object | undefined): string {
  if (!existsSync(path)) return 'the description is missing'
  return meta === undefined ? 'the description is torn' : 'the description belongs to another folder'
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
