import type { IncomingMessage, ServerResponse } from 'node:http'

/** How fast a body must be sent, or a response read. */
export interface Pace {
  readonly windowMs: number
  /** Bytes per window; a client below that is taken for one that only wants to hold a connection. */
  readonly floorBytes: number
}

/** A transfer from or to a client. */
export interface Flow {
  /** All bytes transferred so far. */
  readonly bytes: () => number
  /** Whether the transfer waits for the client, and not for MLflow. */
  readonly isAwaited: () => boolean
}

/** 1 kB/s over half a minute: far below any network that people train over. */
export const usualPace: Pace = { windowMs: 30_000, floorBytes: 30_000 }

/**
 * The same rate over two minutes. A client's reading shows only when the system asks for more, which Linux does for
 * every third of a full send buffer of 4 MiB: 1.44 MB at once, measured on loopback, where TLS proxies are. Over
 * half a minute that would cut off clients that read at 40 kB/s.
 */
export const usualReaderPace: Pace = { windowMs: 120_000, floorBytes: 120_000 }

/** How often per window the state of the transfer is sampled. */
const looksPerWindow = 6

/**
 * Calls back once when a body is sent too slowly. Time in which we do not read, because MLflow takes no more for the
 * moment, does not count.
 */
export function watchPace(request: IncomingMessage, pace: Pace, tooSlow: () => void): void {
  const { socket } = request
  const stop = watchFlow(
    { bytes: () => socket.bytesRead, isAwaited: () => !request.complete && !request.isPaused() },
    pace,
    tooSlow,
  )
  request.once('end', stop)
  request.once('close', stop)
}

/** Calls back once when a response is read too slowly. Time in which MLflow sends nothing does not count. */
export function watchReader(response: ServerResponse, pace: Pace, tooSlow: () => void): void {
  const { socket } = response
  if (socket === null) return
  const stop = watchFlow(
    {
      bytes: () => socket.bytesWritten - socket.writableLength,
      isAwaited: () => response.writableNeedDrain,
    },
    pace,
    tooSlow,
  )
  response.once('close', stop)
}

/**
 * Calls back once when less than the floor was transferred in a window throughout which the client was waited for.
 * Returns a function that stops watching.
 */
export function watchFlow(
  { bytes, isAwaited }: Flow,
  { windowMs, floorBytes }: Pace,
  tooSlow: () => void,
): () => void {
  /** Bytes at the last samples, as far back as the client has been waited for without a break. */
  let seen = [bytes()]
  const timer = setInterval(() => {
    if (!isAwaited()) {
      seen = []
      return
    }
    const now = bytes()
    seen.push(now)
    if (seen.length <= looksPerWindow) return
    const before = seen.shift() ?? 0
    if (now - before < floorBytes) {
      stop()
      tooSlow()
    }
  }, windowMs / looksPerWindow)
  const stop = (): void => clearInterval(timer)
  return stop
}
