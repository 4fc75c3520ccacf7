import { isUtf8 } from 'node:buffer'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredDataset } from './inputs.ts'
import { META_FILE } from './layout.ts'
import { mappingField, readMetaFields, textField } from './meta-fields.ts'
import { fromMetricLine, type StoredPoint } from './metric-line.ts'
import { fromRunFields, type RunMeta } from './run-meta.ts'

/** Something in a store that MLflow cannot read. */
export interface TornPart {
  /** Absolute path. */
  readonly path: string
  readonly why: string
}

/** Everything about a run except its artifacts. */
export interface StoredRun {
  readonly meta: RunMeta
  readonly params: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** Each metric's whole history, in the order it was written. */
  readonly metrics: Readonly<Record<string, readonly StoredPoint[]>>
  readonly datasets: readonly StoredDataset[]
  /** The parts that could not be read, and are missing above. */
  readonly torn: readonly TornPart[]
}

/** Read a run. Undefined when its description is torn; any other torn part is listed and skipped. */
export async function readRunFolder(folder: string): Promise<StoredRun | undefined> {
  const fields = await readMetaFields(join(folder, META_FILE))
  const meta = fields && fromRunFields(fields)
  return meta === undefined ? undefined : named({ meta, ...(await readRunData(folder)) })
}

/** A run without its metrics: everything that a search needs, without reading the longest files. */
export async function readRunHead(folder: string): Promise<StoredRun | undefined> {
  const fields = await readMetaFields(join(folder, META_FILE))
  const meta = fields && fromRunFields(fields)
  return meta === undefined
    ? undefined
    : named({ meta, ...readBothTexts(folder, []), metrics: {}, datasets: [], torn: [] })
}

/** Before MLflow 1.30 a run's name was a tag only. */
function named(run: StoredRun): StoredRun {
  return run.meta.name === ''
    ? { ...run, meta: { ...run.meta, name: run.tags['mlflow.runName'] ?? '' } }
    : run
}

/** Read a run's data besides its description. */
export async function readRunData(folder: string): Promise<Omit<StoredRun, 'meta'>> {
  const torn: TornPart[] = []
  const metrics = namesBelow(join(folder, 'metrics')).map((name) => {
    const points = readMetricFile(join(folder, 'metrics', name), torn)
    return [name, points] as const
  })
  return {
    ...readBothTexts(folder, torn),
    // Not by assignment: a metric may be called `__proto__`.
    metrics: Object.fromEntries(metrics.filter(([, points]) => points.length > 0)),
    datasets: await readDatasets(folder, torn),
    torn,
  }
}

/** The last value as MLflow's page shows it: of the highest step, then time, then value. */
export function latestPoint(points: readonly StoredPoint[]): StoredPoint | undefined {
  let latest = points[0]
  for (const point of points) if (latest === undefined || isLater(point, latest)) latest = point
  return latest
}

function isLater(one: StoredPoint, other: StoredPoint): boolean {
  const later = one.step - other.step || one.timestampMs - other.timestampMs || one.value - other.value
  return later > 0
}

/** The paths of all files below a folder, slash-separated: they are MLflow's names. */
export function namesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort()
  } catch {
    return []
  }
}

function readMetricFile(path: string, torn: TornPart[]): StoredPoint[] {
  const lines = (readText(path, torn) ?? '').split('\n')
  // The last line's end leaves an empty text.
  if (lines.at(-1) === '') lines.pop()
  const points = lines.map(fromMetricLine)
  const whole = points.filter((point) => point !== undefined)
  if (lines.length === 0) torn.push({ path, why: 'no line is there' })
  else if (whole.length < points.length) {
    torn.push({ path, why: `${points.length - whole.length} of ${points.length} lines are torn` })
  }
  return whole
}

function readBothTexts(folder: string, torn: TornPart[]): Pick<StoredRun, 'params' | 'tags'> {
  return { params: readTexts(join(folder, 'params'), torn), tags: readTexts(join(folder, 'tags'), torn) }
}

function readTexts(folder: string, torn: TornPart[]): Record<string, string> {
  const texts = namesBelow(folder).flatMap((name) => {
    const text = readText(join(folder, name), torn)
    return text === undefined ? [] : [[name, text] as const]
  })
  return Object.fromEntries(texts)
}

function readText(path: string, torn: TornPart[]): string | undefined {
  try {
    const bytes = readFileSync(path)
    if (isUtf8(bytes)) return bytes.toString('utf8')
    torn.push({ path, why: 'it is no UTF-8 text' })
  } catch (error) {
    // A tag may be removed between listing its folder and reading it.
    torn.push({ path, why: error instanceof Error ? error.message : 'it cannot be read' })
  }
  return undefined
}

async function readDatasets(folder: string, torn: TornPart[]): Promise<StoredDataset[]> {
  const datasets: StoredDataset[] = []
  for (const name of namesBelow(join(folder, 'inputs')).filter((each) => each.endsWith(META_FILE))) {
    const path = join(folder, 'inputs', name)
    const input = await readMetaFields(path)
    if (input !== undefined && textField(input, 'source_type') !== 'DATASET') continue
    const source = join(folder, '..', 'datasets', (input && textField(input, 'source_id')) ?? '', META_FILE)
    const dataset = input && (await readMetaFields(source))
    if (input === undefined || dataset === undefined)
      torn.push({ path, why: 'the input or its dataset is torn' })
    else {
      datasets.push({
        name: textField(dataset, 'name') ?? '',
        digest: textField(dataset, 'digest') ?? '',
        sourceType: textField(dataset, 'source_type') ?? '',
        source: textField(dataset, 'source') ?? '',
        schema: textField(dataset, 'schema'),
        profile: textField(dataset, 'profile'),
        tags: mappingField(input, 'tags'),
      })
    }
  }
  return datasets
}
