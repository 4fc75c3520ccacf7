import { textOf } from '../errors/text-of.ts'
import { logTable } from '../media/log-table.ts'
import { createReader } from '../read/reader.ts'
import type { Client } from '../run/client.ts'
import { resumeKeyFrom } from '../run/resume-key.ts'
import type { Run, RunOptions } from '../run/run.ts'
import { withRun } from '../run/with-run.ts'
import { planGrid, planRandom, type SearchSpace, type TrialParams } from './plan-trials.ts'

/** Options of a sweep. */
export interface SweepOptions extends Pick<RunOptions, 'name' | 'experiment' | 'tags' | 'description'> {
  readonly space: SearchSpace
  /** How many random combinations to try; by default every combination of the lists. */
  readonly trials?: number | undefined
  /** The seed of the random combinations; 0 by default. */
  readonly seed?: number | undefined
  /** How many trials run at once; 1 by default. */
  readonly limit?: number | undefined
  /** Whether the best value is the smallest or the largest; the smallest by default. */
  readonly goal?: 'min' | 'max' | undefined
  /** A sweep started again with the same key tries only what has not finished. */
  readonly resumeKey?: string | undefined
}

/** The result of a trial. */
export interface Trial {
  readonly params: TrialParams
  readonly status: 'FINISHED' | 'FAILED'
  /** What the work returned. */
  readonly value: number | undefined
  /** What the work threw. */
  readonly error?: unknown
}

/** The result of a sweep: all trials in the order of the plan, and the best of those with a value. */
export interface SweepResult {
  readonly trials: readonly Trial[]
  readonly best: Trial | undefined
}

const SWEEP_TAG = 'soen.sweep'
const TRIAL_TAG = 'soen.trial'
const VALUE = 'objective'

/**
 * Try combinations of parameters, each in a child run of the sweep's own run.
 *
 * A trial that throws is FAILED and does not stop the others. The value that `work` returns is logged as the metric
 * `objective`; the sweep's run has the best one and the table `trials.json`.
 *
 * @throws TypeError when there is nothing to try
 */
export async function runSweep(
  client: Client,
  options: SweepOptions,
  work: (run: Run, params: TrialParams) => number | void | Promise<number | void>,
): Promise<SweepResult> {
  const { space, trials: count, seed = 0, limit = 1, goal = 'min', resumeKey, ...described } = options
  const plan = count === undefined ? planGrid(space) : planRandom(space, count, seed)
  if (plan.length === 0 || !(limit >= 1))
    throw new TypeError('a sweep needs trials, and a limit of 1 or more at once')
  const sweep = client.startRun({ name: 'sweep', ...described, resumeKey })
  const key = resumeKey === undefined ? sweep.id : (resumeKeyFrom(resumeKey, {}) ?? sweep.id)
  const finished =
    resumeKey === undefined ? new Map<number, Trial>() : await finishedTrials(client, sweep, options)

  const trials: (Trial | undefined)[] = plan.map((_, index) => finished.get(index))
  const open = [...plan.entries()].filter(([index]) => !finished.has(index)).values()
  const worker = async (): Promise<void> => {
    for (const [index, params] of open) {
      const tags = { [SWEEP_TAG]: key, [TRIAL_TAG]: String(index) }
      const run = sweep.child({ name: `trial ${index}`, params, tags })
      trials[index] = await tryOut(run, params, work)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, plan.length) }, worker))
  return await finish(
    sweep,
    trials.filter((trial) => trial !== undefined),
    goal,
  )
}

async function tryOut(run: Run, params: TrialParams, work: Parameters<typeof runSweep>[2]): Promise<Trial> {
  try {
    const value = await withRun(run, async () => {
      const found = await work(run, params)
      if (typeof found === 'number') run.log({ [VALUE]: found })
      return found
    })
    return { params, status: 'FINISHED', value: typeof value === 'number' ? value : undefined }
  } catch (error) {
    return { params, status: 'FAILED', value: undefined, error }
  }
}

async function finish(sweep: Run, trials: readonly Trial[], goal: 'min' | 'max'): Promise<SweepResult> {
  const sign = goal === 'min' ? 1 : -1
  const [best] = trials
    .filter(({ value }) => value !== undefined && !Number.isNaN(value))
    .toSorted((one, other) => sign * ((one.value ?? 0) - (other.value ?? 0)))
  if (best?.value !== undefined) sweep.log({ [VALUE]: best.value })
  if (best !== undefined) sweep.tag('soen.best_params', JSON.stringify(best.params))
  const rows = trials.map(({ params, status, value, error }) => ({
    ...params,
    status,
    [VALUE]: value,
    error: error === undefined ? undefined : textOf(error),
  }))
  logTable(sweep, 'trials.json', rows)
  await sweep.end({ status: trials.every(({ status }) => status === 'FAILED') ? 'FAILED' : 'FINISHED' })
  return { trials, best }
}

/** The trials that earlier processes have finished, by their position in the plan; none while the server is away. */
async function finishedTrials(
  client: Client,
  sweep: Run,
  { resumeKey = '', experiment, space, trials, seed = 0 }: SweepOptions,
): Promise<Map<number, Trial>> {
  const finished = new Map<number, Trial>()
  if (!client.settings.active) return finished
  const plan = trials === undefined ? planGrid(space) : planRandom(space, trials, seed)
  const filter = `tags.\`${SWEEP_TAG}\` = '${resumeKeyFrom(resumeKey, {})}' and attributes.status = 'FINISHED'`
  try {
    const experiments = [experiment ?? client.settings.experiment]
    for await (const { tags, metrics } of createReader(client).search({ experiments, filter })) {
      const index = Number(tags[TRIAL_TAG])
      const params = plan[index]
      if (params !== undefined) finished.set(index, { params, status: 'FINISHED', value: metrics[VALUE] })
    }
  } catch (error) {
    sweep.refuse('what has finished before', textOf(error))
  }
  return finished
}
