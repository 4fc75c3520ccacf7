import { relative, sep } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { metricsFromName } from './metrics-from-name.ts'
import { StableFiles, type WatchedFolder } from './stable-files.ts'

/** How far a file's time stamp may lag behind the clock: file systems store it with a coarse resolution. */
const CLOCK_SLACK_MS = 2000

/** How a folder of checkpoints is watched. */
export interface WatchOptions {
  /** 2,000 by default. A file is complete when two looks in a row find it unchanged. */
  readonly pollMs?: number | undefined
  /**
   * Files last written before this (in ms since 1970) are ignored. By default the time of the call; 0 includes all.
   */
  readonly sinceMs?: number | undefined
  /** The metrics of a checkpoint, by its path below the folder; by default parsed from its name as `metric=0.12`. */
  readonly metricsOf?: ((name: string) => Readonly<Record<string, number>>) | undefined
}

/** A folder that is being watched. */
export interface CheckpointWatcher {
  /** Take what is complete now, and stop. Files that changed last need one more look. */
  stop(): Promise<void>
}

/** A checkpoint that was found complete. */
export interface FoundCheckpoint {
  readonly path: string
  readonly metrics: Readonly<Record<string, number>>
}

/** Poll a folder. Never keeps the process alive. */
export function watchCheckpoints(
  {
    dir,
    pollMs = 2000,
    sinceMs = Date.now() - CLOCK_SLACK_MS,
    metricsOf = metricsFromName,
    ...rest
  }: WatchOptions & Pick<WatchedFolder, 'dir' | 'extension' | 'sidecar'>,
  onFound: (checkpoint: FoundCheckpoint) => void,
  guard: (look: () => void) => void,
): CheckpointWatcher {
  const files = new StableFiles({ dir, sinceMs, ...rest })
  const look = (): void =>
    guard(() => {
      for (const { path } of files.look())
        onFound({ path, metrics: metricsOf(relative(dir, path).replaceAll(sep, '/')) })
    })
  const timer = setInterval(look, pollMs).unref()
  let stopping: Promise<void> | undefined

  async function stop(): Promise<void> {
    clearInterval(timer)
    look()
    await sleep(pollMs)
    look()
  }

  return { stop: () => (stopping ??= stop()) }
}
