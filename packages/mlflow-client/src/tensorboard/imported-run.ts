import { toWireDouble } from '../rest/double.ts'
import { cutBatches, sendBatch, toBatchItem, type Batch, type BatchItem } from '../rest/log-batch.ts'
import { updateRun } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import { NameRegistry } from '../names/name-registry.ts'
import type { SanitizeOptions } from '../names/sanitize.ts'
import type { Persist } from './persist.ts'
import type { PointSink } from './point-sink.ts'

/** MLflow's limit of one value. */
const MAX_VALUE_LENGTH = 6000

/** What an imported run works with. */
export interface ImportedRunParts {
  readonly transport: Transport
  readonly runId: string
  /** Retries a request until it succeeds or retrying is useless. */
  readonly persist: Persist
  readonly names: SanitizeOptions
}

/**
 * A run on the server whose points have times of their own.
 *
 * It needs no journal: the source is on the disk, and points that are sent twice are stored once.
 */
export class ImportedRun implements PointSink {
  readonly #parts: ImportedRunParts
  readonly #names: NameRegistry
  readonly #paramNames = new NameRegistry({ keepSlashes: true })
  readonly #params = new Map<string, string>()
  #metrics: BatchItem[] = []
  #points = 0
  #lastMs = 0

  constructor(parts: ImportedRunParts) {
    this.#parts = parts
    this.#names = new NameRegistry(parts.names)
  }

  /** The number of points logged so far. */
  get points(): number {
    return this.#points
  }

  log(
    metrics: Readonly<Record<string, number>>,
    { step, timestampMs }: { readonly step: number; readonly timestampMs: number },
  ): void {
    // MLflow accepts only integer steps, and drops what follows an invalid one.
    if (!Number.isSafeInteger(step) || !Number.isSafeInteger(timestampMs)) return
    for (const [name, value] of Object.entries(metrics)) {
      const key = this.#names.clean(name)
      this.#metrics.push(toBatchItem({ key, value: toWireDouble(value), timestamp: timestampMs, step }))
      this.#points += 1
    }
    this.#lastMs = Math.max(this.#lastMs, timestampMs)
  }

  params(params: Readonly<Record<string, string | number | boolean>>): void {
    for (const [name, value] of Object.entries(params)) {
      const key = this.#paramNames.clean(name)
      // As everywhere, a parameter keeps its first value.
      if (!this.#params.has(key)) this.#params.set(key, String(value).slice(0, MAX_VALUE_LENGTH))
    }
  }

  /** Send the points so far. */
  async flush(): Promise<void> {
    const metrics = this.#metrics
    this.#metrics = []
    await this.#send('metrics', metrics)
  }

  /** Send the rest and end the run, with the times of its points. */
  async end(): Promise<void> {
    await this.flush()
    const params = Array.from(this.#params, ([key, value]) => toBatchItem({ key, value }))
    await this.#send('params', params)
    const changed = JSON.stringify(this.#names.changed())
    if (changed !== '{}' && changed.length <= MAX_VALUE_LENGTH) {
      await this.#send('tags', [toBatchItem({ key: 'soen.metric_names', value: changed })])
    }
    const { transport, runId, persist } = this.#parts
    await persist(() => updateRun(transport, { runId, status: 'FINISHED', endTimeMs: this.#lastMs }))
  }

  async #send(kind: Batch['kind'], items: readonly BatchItem[]): Promise<void> {
    const { transport, runId, persist } = this.#parts
    for (const batch of cutBatches(kind, items)) await persist(() => sendBatch(transport, runId, batch))
  }
}
