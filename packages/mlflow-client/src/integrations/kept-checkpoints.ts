import type { Checkpoint, CheckpointBook } from './checkpoint-book.ts'
import { planRetention, type RetentionRule } from './plan-retention.ts'

/** The decision about a checkpoint that was handed in. */
export interface Verdict {
  readonly isKept: boolean
  /** The earlier checkpoint of that name, if there was one. */
  readonly previous: Checkpoint | undefined
}

/** The checkpoints that a run keeps among its artifacts, and the artifacts of beaten ones that must be removed. */
export class KeptCheckpoints {
  readonly #rule: RetentionRule
  readonly #removing = new Set<string>()
  #kept: readonly Checkpoint[] = []
  /** The book of an earlier process; valid only if it turns out to be of the same run. */
  #inherited: CheckpointBook | undefined

  constructor(rule: RetentionRule, inherited?: CheckpointBook) {
    this.#rule = rule
    this.#inherited = inherited
  }

  /** Artifacts of beaten checkpoints, each side-car before its checkpoint. */
  get removing(): readonly string[] {
    return [...this.#removing]
  }

  /** The best checkpoint; undefined as long as none has a score. */
  get best(): Checkpoint | undefined {
    return planRetention(this.#kept, this.#rule).best
  }

  /** Add a checkpoint, replacing one of the same name, and decide again which ones stay. */
  add(candidate: Checkpoint): Verdict {
    const previous = this.#kept.find(({ name }) => name === candidate.name)
    if (previous !== undefined) this.#forget(previous)
    const others = this.#kept.filter((each) => each !== previous)
    const { retained, beaten } = planRetention([...others, candidate], this.#rule)
    // A candidate that is beaten at once was never uploaded.
    this.#settleOn(
      retained,
      beaten.filter((each) => each !== candidate),
    )
    return { isKept: retained.includes(candidate), previous }
  }

  /** The run is known now: continue with the book of an earlier process, if it was of this run. */
  adopt(runId: string): void {
    const inherited = this.#inherited
    this.#inherited = undefined
    if (inherited?.runId !== runId) return
    for (const path of inherited.removing) this.#removing.add(path)
    const names = new Set(this.#kept.map(({ name }) => name))
    const older = inherited.checkpoints.filter(({ name }) => !names.has(name))
    const { retained, beaten } = planRetention([...older, ...this.#kept], this.#rule)
    this.#settleOn(retained, beaten)
  }

  /** An artifact is gone from the server. */
  removed(path: string): void {
    this.#removing.delete(path)
  }

  /** What the next process has to know. */
  book(runId: string): CheckpointBook {
    return { version: 1, runId, checkpoints: this.#kept, removing: this.removing }
  }

  #settleOn(retained: readonly Checkpoint[], beaten: readonly Checkpoint[]): void {
    for (const each of beaten) this.#forget(each)
    // An upload under the same path replaces what was to be removed.
    for (const path of retained.flatMap(({ artifacts }) => artifacts)) this.#removing.delete(path)
    this.#kept = retained
  }

  #forget({ artifacts }: Checkpoint): void {
    for (const path of artifacts.toReversed()) this.#removing.add(path)
  }
}
