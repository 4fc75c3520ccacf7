import type { IncomingMessage, ServerResponse } from 'node:http'

/** How fast a body must come, or be taken. */
export interface Pace {
  readonly windowMs: number
  /** Bytes within a window, below which a client counts as one who only wants to occupy a place. */
  readonly floorBytes: number
}

/** What a client sends or takes. */
export interface Flow {
  /** All that passed until now. */
  readonly bytes: () => number
  /** Whether it is the client that is waited for, and not MLflow. */
  readonly isAwaited: () => boolean
}

/** 1 kB/s over half a minute: far below any network on which somebody trains. */
export const usualPace: Pace = { windowMs: 30_000, floorBytes: 30_000 }

/**
 * As fast, but over two minutes. What a client takes is seen only when the system asks for more, which Linux does for
 * every third of a full send buffer of 4 MiB: 1.44 MB at once, measured on loopback, where TLS proxies are. Over half a
 * minute that would cut off who takes 40 kB/s.
 */
export const usualReaderPace: Pace = { windowMs: 120_000, floorBytes: 120_000 }

/** In each window it is looked so often whom the transfer waits for. */
const looksPerWindow = 6

/**
 * Calls back once when a body comes too slowly. Time in which we do not read, because MLflow takes no more for
 * the moment, is not held against the sender.
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

/** Calls back once when an answer is taken too slowly. Time in which MLflow sends nothing is not held against the reader. */
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

/** Calls back once when less than the floor passed in a window in which the client was always waited for. Returns its end. */
export function watchFlow(
  { bytes, isAwaited }: Flow,
  { windowMs, floorBytes }: Pace,
  tooSlow: () => void,
): () => void {
  /** What had passed at the last looks, as far as they make up one wait for the client. */
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
