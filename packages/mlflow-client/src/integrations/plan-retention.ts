/** What the plan needs to know of a checkpoint. */
export interface Scored {
  /** Missing when its metric was not a number: then it is never among the best. */
  readonly score?: number | undefined
}

/** Which checkpoints are kept. */
export interface RetentionRule {
  readonly mode: 'min' | 'max'
  /** How many of the best are kept; -1 keeps all. */
  readonly topK: number
  /** Whether the latest is kept, whatever its score. */
  readonly saveLast: boolean
}

/** Which checkpoints stay and which were beaten, each in the order they were saved. */
export interface Retention<Checkpoint> {
  readonly retained: readonly Checkpoint[]
  readonly beaten: readonly Checkpoint[]
  readonly best: Checkpoint | undefined
}

/**
 * Decide which checkpoints stay.
 *
 * @param checkpoints - in the order they were saved; of two equally good ones the earlier stays
 */
export function planRetention<Checkpoint extends Scored>(
  checkpoints: readonly Checkpoint[],
  { mode, topK, saveLast }: RetentionRule,
): Retention<Checkpoint> {
  const direction = mode === 'min' ? 1 : -1
  const ranked = checkpoints
    .filter(({ score }) => score !== undefined)
    .toSorted((a, b) => direction * ((a.score ?? 0) - (b.score ?? 0)))
  const stays = new Set(topK < 0 ? checkpoints : ranked.slice(0, topK))
  const latest = checkpoints.at(-1)
  if (saveLast && latest !== undefined) stays.add(latest)
  return {
    retained: checkpoints.filter((each) => stays.has(each)),
    beaten: checkpoints.filter((each) => !stays.has(each)),
    best: ranked[0],
  }
}
