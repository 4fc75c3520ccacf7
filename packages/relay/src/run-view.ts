import type { RunStatus, WireKeyValue, WireMetric, WireRun } from '@soen/mlflow-client/rest'

/** The history of a run with more points is read from the server only. */
const MAX_POINTS = 100_000

/** What is known of a run when it begins. */
export interface RunBeginning {
  readonly runId: string
  readonly experimentId: string
  readonly name: string
  readonly startTimeMs: number
  readonly userId: string | undefined
  readonly artifactUri: string
  readonly tags: readonly WireKeyValue[]
}

/**
 * Everything that a program has logged to one run through the relay, as it would read it back.
 *
 * It is merged over the server's response: what is still in the journal is visible at once, and without a server
 * this alone is the response.
 */
export class RunView {
  #info: Omit<RunBeginning, 'tags'>
  status: RunStatus = 'RUNNING'
  name: string
  endTimeMs: number | undefined
  readonly #params = new Map<string, string>()
  readonly #tags = new Map<string, string>()
  readonly #removed = new Set<string>()
  readonly #latest = new Map<string, WireMetric>()
  #history: Map<string, WireMetric[]> | undefined = new Map()
  #points = 0

  constructor({ tags, ...info }: RunBeginning) {
    this.#info = info
    this.name = info.name
    for (const tag of tags) this.setTag(tag)
  }

  /** The program's id of the run. */
  get runId(): string {
    return this.#info.runId
  }

  get artifactUri(): string {
    return this.#info.artifactUri
  }

  /** The server responded in time: the program uses the server's ids. */
  adopt(remote: Pick<RunBeginning, 'artifactUri' | 'experimentId' | 'runId'>): void {
    const { artifactUri, experimentId, runId } = remote
    this.#info = { ...this.#info, artifactUri, experimentId, runId }
  }

  /** The value of a parameter. */
  param(key: string): string | undefined {
    return this.#params.get(key)
  }

  setParam({ key, value }: WireKeyValue): void {
    if (!this.#params.has(key)) this.#params.set(key, value)
  }

  setTag({ key, value }: WireKeyValue): void {
    this.#tags.set(key, value)
    this.#removed.delete(key)
    if (key === 'mlflow.runName') this.name = value
  }

  removeTag(key: string): void {
    this.#tags.delete(key)
    this.#removed.add(key)
  }

  addPoint(point: WireMetric): void {
    const latest = this.#latest.get(point.key)
    if (latest === undefined || isLater(point, latest)) this.#latest.set(point.key, point)
    if (this.#history === undefined) return
    this.#points += 1
    if (this.#points > MAX_POINTS) this.#history = undefined
    const points = this.#history?.get(point.key)
    if (points === undefined) this.#history?.set(point.key, [point])
    else points.push(point)
  }

  /** Every point of a metric; undefined when there are too many to keep here. */
  history(key: string): readonly WireMetric[] | undefined {
    return this.#history === undefined ? undefined : (this.#history.get(key) ?? [])
  }

  /** The run in the REST API's form, merged over what the server knows of it. */
  toWire(server?: WireRun): WireRun {
    const { runId, experimentId, startTimeMs, userId, artifactUri } = this.#info
    const metrics = new Map(server?.data.metrics?.map((metric) => [metric.key, metric]))
    for (const [key, point] of this.#latest) {
      const known = metrics.get(key)
      if (known === undefined || isLater(point, known)) metrics.set(key, point)
    }
    const tags = new Map(server?.data.tags?.map(({ key, value }) => [key, value]))
    for (const key of this.#removed) tags.delete(key)
    for (const [key, value] of this.#tags) tags.set(key, value)
    const params = new Map(this.#params)
    for (const { key, value } of server?.data.params ?? []) params.set(key, value)
    return {
      ...server,
      info: {
        experiment_id: experimentId,
        lifecycle_stage: 'active',
        artifact_uri: artifactUri,
        start_time: startTimeMs,
        ...(userId !== undefined && { user_id: userId }),
        ...server?.info,
        run_id: runId,
        run_name: this.name,
        status: this.status,
        ...(this.endTimeMs !== undefined && { end_time: this.endTimeMs }),
      },
      data: {
        metrics: [...metrics.values()],
        params: toPairs(params),
        tags: toPairs(tags.set('mlflow.runName', this.name)),
      },
    }
  }
}

/** MLflow's order: by step, then time, then value. */
function isLater(point: WireMetric, than: WireMetric): boolean {
  const [one, other] = [orderOf(point), orderOf(than)]
  const differs = one.findIndex((part, index) => part !== other[index])
  return differs === -1 || (one[differs] ?? 0) > (other[differs] ?? 0)
}

function orderOf({ step = 0, timestamp, value }: WireMetric): readonly number[] {
  return [Number(step), Number(timestamp), Number(value)]
}

function toPairs(texts: ReadonlyMap<string, string>): WireKeyValue[] {
  return Array.from(texts, ([key, value]) => ({ key, value }))
}
