import { toWireDouble } from '../rest/double.ts'
import type { NameRegistry } from './sanitize.ts'

/** Something that was handed in and cannot be logged. */
interface Refusal {
  readonly name: string
  readonly why: string
}

/** One log call as journal JSON, and what it had to leave out. */
export interface MetricLine {
  /** Nothing when no value could be taken. */
  readonly json: string | undefined
  readonly accepted: number
  readonly refused: readonly Refusal[]
}

/**
 * Writes log calls as journal JSON.
 *
 * By hand instead of by `JSON.stringify`, because this is what a training loop waits for: names
 * are cleaned and quoted once, and a call is string concatenation.
 */
export class MetricLineWriter {
  readonly #names: NameRegistry
  readonly #keys = new Map<string, string>()
  readonly #onNewName: () => void

  constructor(names: NameRegistry, onNewName: () => void) {
    this.#names = names
    this.#onNewName = onNewName
  }

  /** Write one call. */
  write(metrics: Readonly<Record<string, number>>, step: number, atMs: number): MetricLine {
    if (!Number.isSafeInteger(step)) return refuseAll(metrics, 'step', step)
    if (!Number.isSafeInteger(atMs)) return refuseAll(metrics, 'time stamp', atMs)
    let values = ''
    let accepted = 0
    const refused: Refusal[] = []
    for (const name of Object.keys(metrics)) {
      const value: unknown = metrics[name]
      if (typeof value !== 'number') {
        refused.push({ name, why: `its value is a ${value === null ? 'null' : typeof value}, not a number` })
        continue
      }
      const key = this.#keys.get(name) ?? this.#learn(name)
      values += `${accepted === 0 ? '' : ','}${key}${writeDouble(value)}`
      accepted += 1
    }
    const json = accepted === 0 ? undefined : `{"k":"m","at":${atMs},"s":${digits(step)},"v":{${values}}}`
    return { json, accepted, refused }
  }

  #learn(name: string): string {
    const clean = this.#names.clean(name)
    const key = `${JSON.stringify(clean)}:`
    this.#keys.set(name, key)
    if (clean !== name) this.#onNewName()
    return key
  }
}

function writeDouble(value: number): string {
  const isPlain = Number.isFinite(value) && !Object.is(value, -0)
  return isPlain ? digits(value) : `"${toWireDouble(value)}"`
}

/**
 * As fast as `String()`, which keeps the text of the last thousands of numbers: what lives that long makes V8's young
 * generation grow, by 40 MB in a loop that logs without a pause.
 */
function digits(value: number): string {
  return JSON.stringify(value)
}

/** MLflow answers 200 to a fractional step, stores the point at step 0, and drops the rest of the batch. */
function refuseAll(metrics: Readonly<Record<string, number>>, what: string, value: unknown): MetricLine {
  const why = `the ${what} ${String(value)} is not an integer`
  return { json: undefined, accepted: 0, refused: Object.keys(metrics).map((name) => ({ name, why })) }
}
