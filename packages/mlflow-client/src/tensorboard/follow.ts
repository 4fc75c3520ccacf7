import { setTimeout as sleep } from 'node:timers/promises'
import { ClientError } from '../errors/client-error.ts'
import { emitWarning } from '../errors/emit-warning.ts'
import { FolderSurvey } from './folder-survey.ts'
import { LogFolder, type UnreadableFile } from './log-folder.ts'
import { logEvents, type PointSink } from './point-sink.ts'

/** How far a file's time stamp may lag behind the clock: file systems store it with a coarse resolution. */
const CLOCK_SLACK_MS = 2000

/** Options for following a log folder. */
export interface FollowOptions {
  /** 1,000 by default. */
  readonly pollMs?: number | undefined
  /**
   * Files last written before this (in ms since 1970) belong to earlier trainings and are ignored until they grow.
   * By default the time of the call; 0 reads everything.
   */
  readonly sinceMs?: number | undefined
  /** How long a wrong checksum may be due to a write in progress; 30,000 by default. */
  readonly patienceMs?: number | undefined
  /** Called with warnings about unreadable files; by default Node emits them. */
  readonly onWarn?: ((warning: ClientError) => void) | undefined
}

/** A log folder that is being followed. */
export interface TensorBoardFollower extends AsyncDisposable {
  /** Read everything to the end, and stop. Never rejects. */
  stop(): Promise<void>
}

/**
 * Log what somebody writes for TensorBoard to a run, while it is being written.
 *
 * Curves of a folder below `logdir` get its path as prefix; those of a folder of hyperparameters, which TensorBoard's
 * writers make beside the curves of a training, belong to these. What was logged stays when a restarted writer takes
 * it back; `importTensorBoard` leaves it out. Never throws and never keeps the process alive;
 * `stop` before the run ends.
 */
export function followTensorBoard(
  logdir: string,
  run: PointSink,
  {
    pollMs = 1000,
    sinceMs = Date.now() - CLOCK_SLACK_MS,
    patienceMs,
    onWarn = emitWarning,
  }: FollowOptions = {},
): TensorBoardFollower {
  const files = new LogFolder(logdir, {
    sinceMs,
    ...(patienceMs === undefined ? {} : { patienceMs }),
    onUnreadable: (file) => onWarn(notRead(file)),
  })
  const stopping = new AbortController()
  const following = follow()

  const survey = new FolderSurvey()

  async function logWhatCame(): Promise<void> {
    for await (const chunk of files.read()) {
      survey.note(chunk)
      const folder = survey.homeOf(chunk.folder)
      logEvents(chunk, run, folder === '' ? '' : `${folder}/`)
    }
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      await logWhatCame()
      await sleep(pollMs, undefined, { ref: false, signal: stopping.signal }).catch(() => {})
    }
    await logWhatCame()
  }

  async function stop(): Promise<void> {
    stopping.abort()
    await following
  }

  return { stop, [Symbol.asyncDispose]: stop }
}

/** The warning about an event file that cannot be read, or not to its end. */
export function notRead({ path, why, leftOut }: UnreadableFile): ClientError {
  return new ClientError({
    code: 'SOEN_ITEM_REFUSED',
    message:
      leftOut === undefined
        ? `"${path}" is not read further: ${why}.`
        : `${leftOut} damaged record(s) of "${path}" are left out: ${why}.`,
    hint:
      leftOut === undefined
        ? 'What came before is logged. TensorBoard itself may show more of the file.'
        : 'What came before and after is logged.',
  })
}
