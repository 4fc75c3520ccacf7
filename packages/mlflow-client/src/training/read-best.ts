import { deliveryTransport } from '../delivery/delivery-transport.ts'
import { findRun } from '../delivery/find-run.ts'
import { RUN_TAGS, tagOf } from '../delivery/run-tags.ts'
import { getExperimentByName } from '../rest/experiments.ts'
import { resumeKeyFrom } from '../run/resume-key.ts'
import type { Settings } from '../settings/settings.ts'
import { BEST_TAG, type BestValue } from './metric-log.ts'

/** The options that the run is started with. */
export interface ResumedRun {
  readonly resumeKey: string | true
  readonly experiment?: string | undefined
}

/**
 * Read the best values of the run that a resume key continues, for `defineMetrics`; none if there is no such run.
 *
 * Values that an earlier process has not delivered yet are missing.
 *
 * @throws ClientError when the server is away
 */
export async function readBest(
  { settings }: { readonly settings: Settings },
  { resumeKey, experiment }: ResumedRun,
): Promise<Readonly<Record<string, BestValue>>> {
  const key = settings.active ? resumeKeyFrom(resumeKey, settings.identity) : undefined
  if (!settings.active || key === undefined) return {}
  const transport = deliveryTransport(settings)
  const found = await getExperimentByName(transport, experiment ?? settings.experiment)
  if (found === undefined) return {}
  const experimentId = found.experiment_id
  const run = await findRun(transport, {
    experimentId,
    tag: RUN_TAGS.resumeKey,
    value: key,
    view: 'ACTIVE_ONLY',
  })
  return run === undefined ? {} : parseBest(tagOf(run, BEST_TAG) ?? '{}')
}

function parseBest(tag: string): Record<string, BestValue> {
  try {
    const best: Record<string, Partial<BestValue>> = JSON.parse(tag)
    const whole = Object.entries(best).flatMap(([name, { value, step }]) =>
      // JSON has no infinity.
      typeof value === 'number' ? [[name, { value, step }] as const] : [],
    )
    return Object.fromEntries(whole)
  } catch {
    return {}
  }
}
