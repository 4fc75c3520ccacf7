import { attempt } from '../run/attempt.ts'
import type { LogOptions, Run } from '../run/run.ts'

/** Which value of a metric is the one that counts: the smallest, the largest, the last, or the nearest to a goal. */
export type MetricRule = 'min' | 'max' | 'last' | { readonly goal: number }

/** The value that counts, and where it was. */
export interface BestValue {
  readonly value: number
  readonly step: number | undefined
}

/** How metrics are followed. */
export interface MetricLogOptions {
  /** Count the steps of each metric by itself, in a resumed run on from where it ended, where a call names none. */
  readonly automaticSteps?: boolean | undefined
  /** What a resumed run has found already, by `readBest`. */
  readonly earlier?: Readonly<Record<string, BestValue>> | undefined
}

/** Logs the metrics of a run, and keeps the values that count. */
export interface MetricLog {
  /** As `run.log`. */
  log(metrics: Readonly<Record<string, number>>, options?: LogOptions): void
  /** The value of a metric that counts by its rule so far. */
  best(name: string): BestValue | undefined
}

/** Where a value stands. */
interface MetricStep {
  readonly step: number | undefined
  readonly isCount: boolean
}

/** Where the values that count are kept for the next process. */
export const BEST_TAG = 'soen.best'

const isBetter: Readonly<Record<'min' | 'max' | 'last', (value: number, best: number) => boolean>> = {
  min: (value, best) => value < best,
  max: (value, best) => value > best,
  last: () => true,
}

/**
 * Say by which rule the value of a metric is found that stands for the run, and log the metrics by what is returned.
 *
 * Before each flush and at the end the values go to metrics of their own, `loss.min` for the rule `min` of `loss`, by
 * which MLflow's page sorts and filters runs; the tag `soen.best` tells their steps, too. NaN is never best.
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

  /** The metric's own next step; one that is given is where it goes on from. */
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
    // Without a step: the newest is the one that is shown, also when it was found at an earlier step.
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
