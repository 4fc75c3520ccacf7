import { addOnExit, removeOnExit } from '../node/process-end.ts'

/** A run that was left by `await using`, and ended as finished. */
export interface LeftRun {
  /** Change its status to FAILED after all. */
  failAfterAll(): void
}

/**
 * The runs that were left in the current turn of the event loop.
 *
 * A disposer is not told whether an error leaves its block. But the fate of the error can be observed: one that
 * nobody handles ends the process, or sets its exit code, before the next turn begins.
 */
export class LeftRuns {
  /** Each with the exit code from before. */
  readonly #runs = new Map<LeftRun, typeof process.exitCode>()
  #nextTurn: NodeJS.Immediate | undefined
  readonly #onExit = (exitCode: number): void => this.#settle(() => exitCode !== 0)

  /** Watch a run that was just left. */
  add(run: LeftRun): void {
    if (this.#runs.size === 0) addOnExit(this.#onExit)
    this.#runs.set(run, process.exitCode)
    this.#wait()
  }

  /** Run something that is part of leaving and takes several turns. */
  async during(leaving: () => Promise<void>): Promise<void> {
    clearImmediate(this.#nextTurn)
    await leaving()
    if (this.#runs.size > 0) this.#wait()
  }

  #wait(): void {
    clearImmediate(this.#nextTurn)
    this.#nextTurn = setImmediate(() => {
      this.#settle((before) => process.exitCode !== before && Number(process.exitCode) !== 0)
    }).unref()
  }

  #settle(hasFailed: (before: typeof process.exitCode) => boolean): void {
    removeOnExit(this.#onExit)
    for (const [run, before] of this.#runs) if (hasFailed(before)) run.failAfterAll()
    this.#runs.clear()
  }
}
