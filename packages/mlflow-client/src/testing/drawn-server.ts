import { setImmediate as nextTurn } from 'node:timers/promises'
import { MlflowError } from '../rest/mlflow-error.ts'
import type { RequestParts, Transport } from '../rest/transport.ts'
import { randomFrom } from './random.ts'

/** A run as the server stores it. */
interface StoredRun {
  readonly info: { run_id: string; experiment_id: string; start_time: number; status: string }
  readonly tags: Map<string, string>
  readonly params: Map<string, string>
  isDeleted: boolean
}

/** The body of a request. */
interface Body {
  readonly run_id: string
  readonly filter: string
  readonly run_view_type: string
  readonly key: string
  readonly value: string
  readonly status: string
  readonly start_time: number
  readonly tags: readonly { readonly key: string; readonly value: string }[]
}

/** A simulated server on which requests take effect one at a time, in random order. */
export class DrawnServer {
  readonly runs: StoredRun[] = []
  readonly #random: () => number
  readonly #waiting: (() => void)[] = []
  readonly #deadliness: number

  constructor(seed: number, deadliness: number) {
    this.#random = randomFrom(seed)
    this.#deadliness = deadliness
    // The first numbers of neighbouring seeds are similar.
    for (let skipped = 0; skipped < 20; skipped += 1) this.#random()
  }

  /**
   * The transport of one process, which may be killed at any request: before it takes effect, or before its
   * response.
   */
  transport(): Transport {
    let isDead = false
    const draw = (): boolean => (isDead ||= this.#random() < this.#deadliness)
    return {
      trackingUri: 'http://drawn',
      raw: () => Promise.reject(new Error('not used')),
      json: async <Answer>(_: string, path: string, parts: RequestParts = {}) =>
        await new Promise<Answer>((resolve, reject) => {
          this.#waiting.push(() => {
            if (draw()) return
            try {
              const answer = this.#serve(
                path.replace('/api/2.0/mlflow/', ''),
                Object(parts.json ?? parts.query),
              )
              if (!draw()) resolve(JSON.parse(JSON.stringify(answer)))
            } catch (error) {
              reject(error)
            }
          })
        }),
    }
  }

  /** Let requests take effect until there are none left. */
  async run(): Promise<void> {
    for (await nextTurn(); this.#waiting.length > 0; await nextTurn()) {
      const [drawn] = this.#waiting.splice(Math.floor(this.#random() * this.#waiting.length), 1)
      drawn?.()
    }
  }

  get alive(): StoredRun[] {
    return this.runs.filter(({ isDeleted }) => !isDeleted)
  }

  #serve(path: string, body: Body): object {
    if (path === 'runs/search') return { runs: this.#search(body) }
    if (path === 'runs/create') {
      const info = {
        run_id: `r${this.runs.length}`,
        experiment_id: '1',
        start_time: body.start_time,
        status: 'RUNNING',
      }
      this.runs.push({ info, tags: toMap(body.tags), params: new Map(), isDeleted: false })
      return { run: toWire(this.#run(info.run_id)) }
    }
    const run = this.#run(body.run_id)
    if (run.isDeleted) throw refused()
    if (path === 'runs/delete') run.isDeleted = true
    if (path === 'runs/log-batch') for (const [key, value] of toMap(body.tags)) run.tags.set(key, value)
    if (path === 'runs/log-parameter') {
      if (![undefined, body.value].includes(run.params.get(body.key))) throw refused()
      run.params.set(body.key, body.value)
    }
    return {}
  }

  #search({ filter, run_view_type: view }: Body): object[] {
    const [, tag = '', wanted] = /^tags\.`(.*)` = '(.*)'$/.exec(filter) ?? []
    const found = this.runs.filter(
      ({ tags, isDeleted }) => tags.get(tag) === wanted && !(isDeleted && view === 'ACTIVE_ONLY'),
    )
    return found.toSorted((a, b) => b.info.start_time - a.info.start_time).map(toWire)
  }

  #run(id: string): StoredRun {
    const run = this.runs.find(({ info }) => info.run_id === id)
    if (run === undefined) throw refused()
    return run
  }
}

function toMap(pairs: Body['tags']): Map<string, string> {
  return new Map(pairs.map(({ key, value }) => [key, value]))
}

function toWire({ info, tags, params }: StoredRun): object {
  return { info, data: { tags: toList(tags), params: toList(params) } }
}

function toList(map: ReadonlyMap<string, string>): object[] {
  return [...map].map(([key, value]) => ({ key, value }))
}

function refused(): MlflowError {
  return new MlflowError({ code: 'SOEN_SERVER_ERROR', message: '', hint: '', status: 400, verdict: 'item' })
}
