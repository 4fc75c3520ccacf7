import type { EventChunk } from './log-folder.ts'

/** Accepts points, as a `Run` does. */
export interface PointSink {
  log(
    metrics: Readonly<Record<string, number>>,
    /** The time is the event's own, so that the same event always gives the same point. */
    options: { readonly step: number; readonly timestampMs: number },
  ): void
  params(params: Readonly<Record<string, string | number | boolean>>): void
}

/**
 * Log the events of one file to a run.
 *
 * @param prefix - put before every name, to distinguish the curves of one folder from those of another
 */
export function logEvents({ events }: Pick<EventChunk, 'events'>, sink: PointSink, prefix = ''): void {
  for (const { step, timestampMs, scalars, hparams } of events) {
    if (hparams !== undefined) sink.params(hparams)
    for (const { tag, value } of scalars) sink.log({ [`${prefix}${tag}`]: value }, { step, timestampMs })
  }
}
