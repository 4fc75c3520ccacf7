import type { GuardedProgram } from '@soen/mlflow-server'
import { setTimeout as sleep } from 'node:timers/promises'

/** Polls until the result is truthy; an error counts as «not yet». */
export async function waitUntil<T>(
  ask: () => T | Promise<T>,
  { timeoutMs = 60_000, everyMs = 50, what = 'the condition' } = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs
  for (let lastError: unknown; ; await sleep(everyMs)) {
    try {
      const answer = await ask()
      if (answer !== null && answer !== undefined && answer !== false) return answer
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    if (performance.now() > deadline) {
      throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause: lastError })
    }
  }
}

/** A program that was just started, and how to tell that it is up. */
export interface WaitUntilUpOptions {
  readonly what: string
  readonly program: Pick<GuardedProgram, 'exited'>
  readonly isUp: () => boolean | Promise<boolean>
  /** Its output so far, for the error. */
  readonly output: () => string
  /** Called when it does not come up. */
  readonly stop: () => Promise<void>
}

/** Waits until a program answers; if it exits or stays silent, stops it and throws an error with its output. */
export async function waitUntilUp(options: WaitUntilUpOptions): Promise<void> {
  const { what, program, isUp, output, stop } = options
  let hasExited = false
  void program.exited.then(() => (hasExited = true))
  try {
    await waitUntil(async () => hasExited || (await isUp()), { timeoutMs: 120_000, what })
    if (hasExited) throw new Error(`${what} ended while it was starting`)
  } catch (error) {
    await stop()
    throw new Error(`${what} did not come up:\n${output()}`, { cause: error })
  }
}
