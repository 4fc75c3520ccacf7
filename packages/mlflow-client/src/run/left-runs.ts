import { addOnExit, removeOnExit } from '../node/process-end.ts'

/** A run that was left by `await using`, and ended as finished. */
export interface LeftRun {
  /** Say that it failed after all. */
  failAfterAll(): void
}

/**
 * The runs that were left in the event loop's present turn.
 *
 * A disposer is not told whether an error leaves its block. What JavaScript does tell is what becomes of the
 * error: one that nobody handles ends the process, or sets its exit code, before the next turn begins.
 */
export class LeftRuns {
  /** With the exit code from before. */
  readonly #runs = new Map<LeftRun, typeof process.exitCode>()
  #nextTurn: NodeJS.Immediate | undefined
  readonly #onExit = (exitCode: number): void => this.#settle(() => exitCode !== 0)

  /** Watch what becomes of a run that was just left. */
  add(run: LeftRun): void {
    if (this.#runs.size === 0) addOnExit(this.#onExit)
    this.#runs.set(run, process.exitCode)
    this.#wait()
  }

  /** Do something that is part of leaving, and takes turns of its own. */
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
