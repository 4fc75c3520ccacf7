import type { IncomingMessage } from 'node:http'

/** How fast a body must come. */
export interface Pace {
  readonly windowMs: number
  /** Bytes within a window, below which a sender counts as one who only wants to occupy a place. */
  readonly floorBytes: number
}

/** 1 kB/s over half a minute: far below any network on which somebody trains. */
export const usualPace: Pace = { windowMs: 30_000, floorBytes: 30_000 }

/**
 * Calls back once when a body comes too slowly. Time in which we do not read, because MLflow takes no more for
 * the moment, is not held against the sender.
 */
export function watchPace(
  request: IncomingMessage,
  { windowMs, floorBytes }: Pace,
  tooSlow: () => void,
): void {
  let wasHeldBack = false
  let bytesBefore = request.socket.bytesRead
  const noteHold = (): void => void (wasHeldBack = true)
  request.on('pause', noteHold)
  const timer = setInterval(() => {
    const bytes = request.socket.bytesRead
    if (!wasHeldBack && !request.complete && bytes - bytesBefore < floorBytes) {
      stop()
      tooSlow()
    }
    wasHeldBack = request.isPaused()
    bytesBefore = bytes
  }, windowMs)
  const stop = (): void => clearInterval(timer)
  request.once('end', stop)
  request.once('close', stop)
}
