import { setImmediate as nextTurn } from 'node:timers/promises'
import { Tally, type Receipt } from '../delivery/receipt.ts'
import { checkRunOptions } from './check-options.ts'
import type { Run, RunOptions } from './run.ts'

/** A run that does nothing: no file, no socket, no timer. */
export class DisabledRun implements Run {
  readonly id: string = ''
  readonly name: string
  readonly remote: undefined
  readonly url: undefined
  readonly journalFolder: undefined

  constructor(name: string) {
    this.name = name
  }

  log(): void {}
  params(): void {}
  tag(): void {}
  tags(): void {}
  note(): void {}
  artifact(): void {}
  text(): void {}
  bytes(): void {}
  refuse(): void {}
  beforeFlush(): void {}
  input(): void {}

  child(options?: RunOptions): DisabledRun {
    return new DisabledRun(checkRunOptions(options, () => {}).name ?? this.name)
  }

  async flush(): Promise<Receipt> {
    await nextTurn()
    return new Tally().receipt()
  }

  async end(): Promise<Receipt> {
    return new Tally().receipt()
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
