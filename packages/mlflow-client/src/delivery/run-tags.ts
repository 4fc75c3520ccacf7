import type { WireRun } from '../rest/wire.ts'

/** The tags by which runs are found again. */
export const RUN_TAGS = {
  /** The client's own id of the run: of the process that created it. */
  clientRunId: 'soen.client_run_id',
  /** What a restarted job finds its run by. */
  resumeKey: 'soen.resume_key',
  /** The client's id of the process that goes on in the run, when it was restarted. */
  process: 'soen.process',
  /** When that process began, in ms since 1970: what comes late knows by it whether it is older or newer. */
  processStart: 'soen.process_start',
  restarts: 'soen.restarts',
  /** Set where a process logs to a run that another one made: its names are agreed on. */
  shared: 'soen.shared',
} as const

/** A tag of a run. */
export function tagOf(run: WireRun, key: string): string | undefined {
  return run.data.tags?.find((tag) => tag.key === key)?.value
}
