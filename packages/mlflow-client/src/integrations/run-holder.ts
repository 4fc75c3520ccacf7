import type { Client } from '../run/client.ts'
import type { Run } from '../run/run.ts'

/** Something that has a run, or will have one soon. */
export interface RunHolder {
  /** Calls `use` at once or, in order, as soon as the run is open; never, if it cannot be opened. */
  withRun(use: (run: Run, client: Client) => void): void
}

/** The run that a program holds itself. */
export function heldRun({ run, client }: { readonly run: Run; readonly client: Client }): RunHolder {
  return { withRun: (use) => use(run, client) }
}

/** A run that is still being opened: queues what is to be done with it until then. */
export class LateRun implements RunHolder {
  #opened: { readonly run: Run; readonly client: Client } | undefined
  #waiting: ((run: Run, client: Client) => void)[] = []
  #isLost = false

  /** The run, once it has been opened. */
  get run(): Run | undefined {
    return this.#opened?.run
  }

  withRun(use: (run: Run, client: Client) => void): void {
    if (this.#opened !== undefined) use(this.#opened.run, this.#opened.client)
    else if (!this.#isLost) this.#waiting.push(use)
  }

  /** The run is open: do what was queued. */
  open(run: Run, client: Client): void {
    this.#opened = { run, client }
    for (const use of this.#waiting.splice(0)) use(run, client)
  }

  /** The run cannot be opened: drop the queue. */
  giveUp(): void {
    this.#isLost = true
    this.#waiting = []
  }
}
