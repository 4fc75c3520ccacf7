import type { JournalHeader, RemoteRun, SeenMetrics } from '../journal/header.ts'
import { logBatch } from '../rest/log-batch.ts'
import { getRun, updateRun } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import type { WireRun } from '../rest/wire.ts'
import { RUN_TAGS, tagOf } from './run-tags.ts'

/** Continue a run that another process of the same job began: set it to RUNNING and count the restart. */
export async function resumeRun(
  transport: Transport,
  run: WireRun,
  header: JournalHeader,
): Promise<Pick<RemoteRun, 'seen'>> {
  const runId = run.info.run_id
  // A retry after a lost response is no second restart.
  if (tagOf(run, RUN_TAGS.process) !== header.clientRunId) {
    const tags = [
      { key: RUN_TAGS.process, value: header.clientRunId },
      { key: RUN_TAGS.processStart, value: String(header.startTimeMs) },
      { key: RUN_TAGS.restarts, value: String(Number(tagOf(run, RUN_TAGS.restarts) ?? 0) + 1) },
    ]
    await logBatch(transport, { runId, tags })
  }
  if (run.info.status !== 'RUNNING') await updateRun(transport, { runId, status: 'RUNNING' })
  return { seen: seenIn(run, header) }
}

/**
 * Whether a process that has ended began after the one that continues the run: it was a restart itself, and is
 * delivered late.
 */
export function isLaterProcess(run: WireRun, { startTimeMs }: JournalHeader): boolean {
  return startTimeMs > Number(tagOf(run, RUN_TAGS.processStart) ?? run.info.start_time)
}

/** Whether a process may end the run: not when the job was restarted and another process continues it. */
export async function mayEnd(transport: Transport, runId: string, header: JournalHeader): Promise<boolean> {
  if (header.resumeKey === undefined) return true
  const run = await getRun(transport, runId)
  return tagOf(run, RUN_TAGS.process) === header.clientRunId
}

/**
 * What other processes of the job have logged, as a process that has ended must see it: everything before it, even
 * if delivered since it looked, and everything after its death.
 */
export function seenLate(
  run: WireRun,
  header: JournalHeader,
  { before, diedAtMs }: { readonly before?: SeenMetrics | undefined; readonly diedAtMs: number },
): Pick<RemoteRun, 'seen'> {
  const isAlone = tagOf(run, RUN_TAGS.restarts) === undefined && isCreator(run, header)
  if (isAlone) return {}
  const { lastSteps } = seenIn(run, header)
  const untilMs = before?.untilMs ?? header.startTimeMs - 1
  return { seen: { lastSteps, untilMs, againFromMs: diedAtMs + 1 } }
}

/** Whether a run is the one that this process created. */
export function isCreator(run: WireRun, { clientRunId }: JournalHeader): boolean {
  return tagOf(run, RUN_TAGS.clientRunId) === clientRunId
}

function seenIn(run: WireRun, { startTimeMs }: JournalHeader): SeenMetrics {
  const latest = run.data.metrics ?? []
  return {
    lastSteps: Object.fromEntries(latest.map(({ key, step = 0 }) => [key, Number(step)])),
    // The clock of an earlier process may have been ahead of this one's.
    untilMs: latest.reduce((until, { timestamp }) => Math.max(until, Number(timestamp)), startTimeMs - 1),
  }
}
