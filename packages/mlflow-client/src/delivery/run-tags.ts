import type { WireRun } from '../rest/wire.ts'

/** The tags by which runs are found again. */
export const RUN_TAGS = {
  /** The client's own id of the run: of the process that created it. */
  clientRunId: 'soen.client_run_id',
  /** The key by which a restarted job finds its run. */
  resumeKey: 'soen.resume_key',
  /** The client's id of the process that continues the run, when the job was restarted. */
  process: 'soen.process',
  /** When that process began, in ms since 1970: tells whether a late delivery is from an older or a newer process. */
  processStart: 'soen.process_start',
  restarts: 'soen.restarts',
  /** Set where a process logs to a run that another one created: its names must be agreed on. */
  shared: 'soen.shared',
} as const

/** The value of a run's tag. */
export function tagOf(run: WireRun, key: string): string | undefined {
  return run.data.tags?.find((tag) => tag.key === key)?.value
}
