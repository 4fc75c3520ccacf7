import { setTimeout as sleep } from 'node:timers/promises'
import type { GuardedProgram, ProgramExit } from './guard.ts'

/** The events of a supervised program, in order. */
export type SupervisionEvent =
  | { readonly type: 'healthy'; readonly name: string; readonly pid: number; readonly startMs: number }
  | { readonly type: 'exited'; readonly name: string; readonly exit: ProgramExit; readonly retryInMs: number }
  | { readonly type: 'failed'; readonly name: string; readonly error: unknown; readonly retryInMs: number }

/** How a program is kept running. */
export interface SuperviseOptions {
  readonly name: string
  readonly start: () => Promise<GuardedProgram>
  /** Resolves when the program is healthy; rejects when it cannot become so, for instance because it ended. */
  readonly waitUntilHealthy: (program: GuardedProgram) => Promise<void>
  readonly onEvent: (event: SupervisionEvent) => void
  /** The pause before the first restart; it doubles with each further one. */
  readonly firstRetryMs?: number
  readonly lastRetryMs?: number
  /** After being healthy for so long, the back-off starts again from the beginning. */
  readonly forgiveAfterMs?: number
}

/** A program that is restarted until it is stopped. */
export interface Supervisor {
  stop(): Promise<void>
}

/**
 * Starts a program, waits until it is healthy, and restarts it with back-off whenever it ends.
 *
 * A failure of the first start is thrown: a program that never ran will not run by waiting.
 */
export async function supervise(options: SuperviseOptions): Promise<Supervisor> {
  const { name, start, waitUntilHealthy, onEvent } = options
  const { firstRetryMs = 1000, lastRetryMs = 30_000, forgiveAfterMs = 60_000 } = options
  const stopping = new AbortController()
  // What stop() has to end: set as soon as a program runs, healthy or not.
  let current: GuardedProgram | undefined

  const startHealthy = async (): Promise<GuardedProgram> => {
    const startedAt = performance.now()
    const program = await start()
    current = program
    try {
      stopping.signal.throwIfAborted()
      await waitUntilHealthy(program)
      const startMs = Math.round(performance.now() - startedAt)
      onEvent({ type: 'healthy', name, pid: program.pid, startMs })
      return program
    } catch (error) {
      await program.stop()
      throw error
    }
  }

  const restart = async (retryInMs: number): Promise<GuardedProgram> => {
    await sleep(retryInMs, undefined, { signal: stopping.signal })
    try {
      return await startHealthy()
    } catch (error) {
      stopping.signal.throwIfAborted()
      const next = Math.min(retryInMs * 2, lastRetryMs)
      onEvent({ type: 'failed', name, error, retryInMs: next })
      return restart(next)
    }
  }

  const keepRunning = async (program: GuardedProgram, retryInMs: number): Promise<never> => {
    const healthySince = performance.now()
    const exit = await program.exited
    stopping.signal.throwIfAborted()
    const pauseMs = performance.now() - healthySince > forgiveAfterMs ? firstRetryMs : retryInMs
    onEvent({ type: 'exited', name, exit, retryInMs: pauseMs })
    return keepRunning(await restart(pauseMs), Math.min(pauseMs * 2, lastRetryMs))
  }

  const running = keepRunning(await startHealthy(), firstRetryMs).catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error
  })

  return {
    async stop() {
      stopping.abort()
      await current?.stop()
      await running
    },
  }
}
