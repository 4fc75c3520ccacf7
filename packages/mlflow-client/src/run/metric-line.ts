import { textOf } from '../errors/text-of.ts'
import { toWireDouble } from '../rest/double.ts'
import type { Refusal } from './flatten.ts'

/** One log call as journal JSON, and the values that were left out. */
export interface MetricLine {
  /** Undefined when no value is valid. */
  readonly json: string | undefined
  readonly accepted: number
  readonly refused: readonly Refusal[]
}

/**
 * Writes log calls as journal JSON.
 *
 * By hand rather than with `JSON.stringify`, because a training loop waits for this: names are quoted once, and a
 * call is string concatenation.
 */
export class MetricLineWriter {
  readonly #keys = new Map<string, string>()

  /** Write one call; `isCount` if the step is from a counter of the client's own. */
  write(
    metrics: Readonly<Record<string, number>>,
    step: number | undefined,
    atMs: number,
    isCount = false,
  ): MetricLine {
    if (step !== undefined && !Number.isSafeInteger(step)) return refuseAll(metrics, 'step', step)
    if (!Number.isSafeInteger(atMs)) return refuseAll(metrics, 'time stamp', atMs)
    let values = ''
    let accepted = 0
    const refused: Refusal[] = []
    const names = Object.keys(metrics)
    if (names.length === 0 && Object.prototype.toString.call(metrics) !== '[object Object]')
      refused.push({ name: 'metrics', why: `${textOf(metrics)} is no object with names` })
    for (const name of names) {
      const value = valueOf(metrics, name, refused)
      if (value === undefined) continue
      const key = this.#keys.get(name) ?? this.#learn(name)
      values += `${accepted === 0 ? '' : ','}${key}${writeDouble(value)}`
      accepted += 1
    }
    const stands = step === undefined ? '' : `"s":${digits(step)},${isCount ? '"c":1,' : ''}`
    const json = accepted === 0 ? undefined : `{"k":"m","at":${atMs},${stands}"v":{${values}}}`
    return { json, accepted, refused }
  }

  #learn(name: string): string {
    const key = `${JSON.stringify(name)}:`
    this.#keys.set(name, key)
    return key
  }
}

/** Reading a property may throw: that costs only this value. */
function valueOf(
  metrics: Readonly<Record<string, unknown>>,
  name: string,
  refused: Refusal[],
): number | undefined {
  try {
    const value = metrics[name]
    if (typeof value === 'number') return value
    refused.push({ name, why: `its value is a ${value === null ? 'null' : typeof value}, not a number` })
  } catch (error) {
    refused.push({ name, why: textOf(error) })
  }
  return undefined
}

function writeDouble(value: number): string {
  const isPlain = Number.isFinite(value) && !Object.is(value, -0)
  return isPlain ? digits(value) : `"${toWireDouble(value)}"`
}

/**
 * As fast as `String()`, which caches the text of the last thousands of numbers: objects that live so long make V8's
 * young generation grow, by 40 MB in a loop that logs continuously.
 */
function digits(value: number): string {
  return JSON.stringify(value)
}

/** MLflow answers 200 to a fractional step, stores the point at step 0, and drops the rest of the batch. */
function refuseAll(metrics: Readonly<Record<string, number>>, what: string, value: unknown): MetricLine {
  const why = `the ${what} ${textOf(value)} is not an integer`
  return { json: undefined, accepted: 0, refused: Object.keys(metrics).map((name) => ({ name, why })) }
}
