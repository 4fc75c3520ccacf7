import { toWireDouble } from '../rest/double.ts'
import { updateRun } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import type { WireKeyValue, WireMetric } from '../rest/wire.ts'
import { NameRegistry, type SanitizeOptions } from '../run/sanitize.ts'
import type { Persist } from './persist.ts'
import type { PointSink } from './point-sink.ts'

/** MLflow's limits of one request, and of one value. */
const MAX_METRICS = 1000
const MAX_TEXTS = 100
const MAX_VALUE_LENGTH = 6000

/** What an imported run is made of. */
export interface ImportedRunParts {
  readonly transport: Transport
  readonly runId: string
  /** Repeats a request until it succeeds or there is no hope. */
  readonly persist: Persist
  readonly names: SanitizeOptions
}

/**
 * A run on the server that takes points with their own times.
 *
 * It needs no journal: what is imported lies on the disk, and the same points sent twice are stored once.
 */
export class ImportedRun implements PointSink {
  readonly #parts: ImportedRunParts
  readonly #names: NameRegistry
  readonly #paramNames = new NameRegistry({ keepSlashes: true })
  readonly #params = new Map<string, string>()
  #metrics: WireMetric[] = []
  #points = 0
  #lastMs = 0

  constructor(parts: ImportedRunParts) {
    this.#parts = parts
    this.#names = new NameRegistry(parts.names)
  }

  /** How many points have been handed in. */
  get points(): number {
    return this.#points
  }

  log(
    metrics: Readonly<Record<string, number>>,
    { step, timestampMs }: { readonly step: number; readonly timestampMs: number },
  ): void {
    // MLflow takes whole steps only, and drops what follows a bad one.
    if (!Number.isSafeInteger(step) || !Number.isSafeInteger(timestampMs)) return
    for (const [name, value] of Object.entries(metrics)) {
      const wire = { key: this.#names.clean(name), value: toWireDouble(value), timestamp: timestampMs, step }
      this.#metrics.push(wire)
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
    for (let at = 0; at < metrics.length; at += MAX_METRICS) {
      await this.#logBatch({ metrics: metrics.slice(at, at + MAX_METRICS) })
    }
  }

  /** Send the rest and close the run with the times of its points. */
  async end(): Promise<void> {
    await this.flush()
    const params = [...this.#params].map(([key, value]): WireKeyValue => ({ key, value }))
    for (let at = 0; at < params.length; at += MAX_TEXTS) {
      await this.#logBatch({ params: params.slice(at, at + MAX_TEXTS) })
    }
    const changed = JSON.stringify(this.#names.changed())
    if (changed !== '{}' && changed.length <= MAX_VALUE_LENGTH) {
      await this.#logBatch({ tags: [{ key: 'soen.metric_names', value: changed }] })
    }
    const { transport, runId, persist } = this.#parts
    await persist(() => updateRun(transport, { runId, status: 'FINISHED', endTimeMs: this.#lastMs }))
  }

  async #logBatch(batch: {
    readonly metrics?: readonly WireMetric[]
    readonly params?: readonly WireKeyValue[]
    readonly tags?: readonly WireKeyValue[]
  }): Promise<void> {
    const { transport, runId, persist } = this.#parts
    const json = { run_id: runId, ...batch }
    await persist(() => transport.json('POST', '/api/2.0/mlflow/runs/log-batch', { json }))
  }
}
