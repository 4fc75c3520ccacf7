import { attempt } from '../run/attempt.ts'
import type { LogOptions, Run } from '../run/run.ts'

/** Which value of a metric is its best: the smallest, the largest, the last, or the nearest to a goal. */
export type MetricRule = 'min' | 'max' | 'last' | { readonly goal: number }

/** The best value, and where it was logged. */
export interface BestValue {
  readonly value: number
  readonly step: number | undefined
}

/** Options for tracking metrics. */
export interface MetricLogOptions {
  /** Count the steps of each metric where a call gives none; in a resumed run the count continues. */
  readonly automaticSteps?: boolean | undefined
  /** The best values so far of a resumed run, from `readBest`. */
  readonly earlier?: Readonly<Record<string, BestValue>> | undefined
}

/** Logs the metrics of a run, and tracks their best values. */
export interface MetricLog {
  /** Like `run.log`. */
  log(metrics: Readonly<Record<string, number>>, options?: LogOptions): void
  /** The best value of a metric so far, by its rule. */
  best(name: string): BestValue | undefined
}

/** The step of a value. */
interface MetricStep {
  readonly step: number | undefined
  readonly isCount: boolean
}

/** The tag with the best values, for the next process. */
export const BEST_TAG = 'soen.best'

const isBetter: Readonly<Record<'min' | 'max' | 'last', (value: number, best: number) => boolean>> = {
  min: (value, best) => value < best,
  max: (value, best) => value > best,
  last: () => true,
}

/**
 * Define by which rule a metric's best value is found, and log the metrics through the returned object.
 *
 * Before each flush and at the end, the best values are logged as metrics of their own, such as `loss.min` for the
 * rule `min` of `loss`, by which MLflow's page sorts and filters runs; the tag `soen.best` has their steps, too. NaN
 * is never best.
 */
export function defineMetrics(
  run: Run,
  rules: Readonly<Record<string, MetricRule>>,
  { automaticSteps = false, earlier = {} }: MetricLogOptions = {},
): MetricLog {
  const best = new Map<string, BestValue>()
  const counts = new Map<string, MetricStep>()
  let isNew = false
  for (const [name, rule] of Object.entries(rules)) {
    const value = earlier[`${name}.${nameOf(rule)}`]
    if (value !== undefined) best.set(name, value)
  }

  function keep(name: string, value: number, step: number | undefined): void {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (rule === undefined || Number.isNaN(value)) return
    const known = best.get(name)
    if (known !== undefined && !isNewBest(rule, value, known.value)) return
    best.set(name, { value, step })
    isNew = true
  }

  /** The metric's next step; counting continues from one that is given. */
  function stepOf(name: string, given: number | undefined): MetricStep {
    if (!automaticSteps) return { step: given, isCount: false }
    const { step: last = -1, isCount } = counts.get(name) ?? { step: undefined, isCount: true }
    const next = given === undefined ? { step: last + 1, isCount } : { step: given, isCount: false }
    counts.set(name, next)
    return next
  }

  run.beforeFlush(() => {
    if (!isNew) return
    isNew = false
    const found = [...best].map(
      ([name, value]) => [`${name}.${nameOf(rules[name] ?? 'last')}`, value] as const,
    )
    // Without a step: the newest value is shown, even if it was found at an earlier step.
    run.log(Object.fromEntries(found.map(([name, { value }]) => [name, value])))
    run.tag(BEST_TAG, JSON.stringify(Object.fromEntries(found)))
  })

  return {
    best: (name) => best.get(name),
    log(metrics, options = {}) {
      attempt(run, 'metrics', () => {
        const entries = Object.entries(metrics)
        const steps = new Map(entries.map(([name]) => [name, stepOf(name, options.step)]))
        const together = Map.groupBy(entries, ([name]) => JSON.stringify(steps.get(name)))
        for (const group of together.values()) {
          const stands = steps.get(group[0]?.[0] ?? '')
          run.log(Object.fromEntries(group), { ...options, ...stands })
          for (const [name, value] of group) keep(name, value, stands?.step)
        }
      })
    },
  }
}

function isNewBest(rule: MetricRule, value: number, best: number): boolean {
  if (typeof rule === 'object') return Math.abs(value - rule.goal) < Math.abs(best - rule.goal)
  return isBetter[rule](value, best)
}

function nameOf(rule: MetricRule): string {
  return typeof rule === 'object' ? 'goal' : rule
}
