import { setTimeout as sleep } from 'node:timers/promises'
import type { GuardedProgram, ProgramExit } from './guard.ts'

/** What happens to a supervised program, in the order it happens. */
export type SupervisionEvent =
  | { readonly type: 'healthy'; readonly name: string; readonly pid: number; readonly startMs: number }
  | { readonly type: 'exited'; readonly name: string; readonly exit: ProgramExit; readonly retryInMs: number }
  | { readonly type: 'failed'; readonly name: string; readonly error: unknown; readonly retryInMs: number }

/** How a program is kept running. */
export interface SuperviseOptions {
  readonly name: string
  readonly start: () => Promise<GuardedProgram>
  /** Resolves when the program answers; rejects when it won't, for instance because it ended. */
  readonly waitUntilHealthy: (program: GuardedProgram) => Promise<void>
  readonly onEvent: (event: SupervisionEvent) => void
  /** The first pause before a restart; each further one is twice as long. */
  readonly firstRetryMs?: number
  readonly lastRetryMs?: number
  /** After so long in health the back-off starts from the beginning. */
  readonly forgiveAfterMs?: number
}

/** A program that is restarted until it is stopped. */
export interface Supervisor {
  stop(): Promise<void>
}

/**
 * Starts a program, waits for its health and restarts it with back-off whenever it ends.
 *
 * The first start must succeed: its failure is thrown, because nothing that never ran will run by waiting.
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
