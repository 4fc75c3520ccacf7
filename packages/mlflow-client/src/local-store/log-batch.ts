import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MlflowError } from '../rest/mlflow-error.ts'
import { refusal } from '../rest/refusal.ts'
import { MetricFile } from './metric-file.ts'
import type { StoredPoint } from './metric-line.ts'
import { isStorableName } from './names.ts'
import { storedMetricName } from './stored-metric-name.ts'
import { writeWhole } from './whole-file.ts'

/** A point with its metric's name. */
export interface NamedPoint extends StoredPoint {
  readonly key: string
}

/** The content of one batch. */
export interface StoreBatch {
  readonly metrics: readonly NamedPoint[]
  readonly params: readonly (readonly [key: string, value: string])[]
  readonly tags: readonly (readonly [key: string, value: string])[]
}

/** Writes batches to one run. An invalid batch is refused before anything of it is written. */
export class BatchWriter {
  readonly #root: string
  readonly #folder: string
  readonly #metricFiles = new Map<string, MetricFile>()

  constructor(root: string, runFolder: string) {
    this.#root = root
    this.#folder = runFolder
  }

  /** Write a batch; repeating it changes nothing. */
  write({ metrics, params, tags }: StoreBatch): void {
    for (const [index, { key }] of metrics.entries()) checkName('metrics', index, key)
    for (const [index, [key]] of tags.entries()) checkName('tags', index, key)
    for (const [index, [key, value]] of params.entries()) {
      checkName('params', index, key)
      this.#checkUnchanged(key, value)
    }
    for (const [key, value] of params) this.#place(key, () => this.#writeText('params', key, value))
    for (const [key, points] of Map.groupBy(metrics, (metric) => metric.key)) {
      this.#place(key, () => this.#metricFile(key).append(points))
    }
    for (const [key, value] of tags) this.#place(key, () => this.#writeText('tags', key, value))
  }

  #writeText(kind: 'params' | 'tags', key: string, value: string): void {
    writeWhole(this.#root, join(this.#folder, kind, key), value)
  }

  #metricFile(key: string): MetricFile {
    const known = this.#metricFiles.get(key)
    if (known !== undefined) return known
    const folder = join(this.#folder, 'metrics')
    const file = new MetricFile(this.#root, join(folder, storedMetricName(folder, key)))
    this.#metricFiles.set(key, file)
    return file
  }

  #checkUnchanged(key: string, value: string): void {
    const before = readText(join(this.#folder, 'params', key))
    if (before === undefined || before === value) return
    throw refusal(
      'INVALID_PARAMETER_VALUE',
      `Changing param values is not allowed: '${key}' is '${before}', not '${value}'.`,
    )
  }

  #place(key: string, write: () => void): void {
    try {
      write()
    } catch (error) {
      throw nameClash(key, error) ?? error
    }
  }
}

/** Refuse an invalid name: it could be a path to somewhere else, or stop every reader. */
export function checkName(kind: keyof StoreBatch, index: number, key: string): void {
  if (isStorableName(key)) return
  throw refusal('INVALID_PARAMETER_VALUE', `Invalid value ${JSON.stringify(key)} for ${kind}[${index}].name`)
}

/** In a file store `a` is a file, while `a/b` needs a folder `a`: of params and tags only the first can be stored. */
function nameClash(key: string, error: unknown): MlflowError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  if (!['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY'].includes(String(error.code))) return undefined
  return refusal(
    'INVALID_PARAMETER_VALUE',
    `"${key}" cannot stand beside a name that it begins with, or that begins with it.`,
    'Choose a name in which no other name is a folder.',
  )
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
