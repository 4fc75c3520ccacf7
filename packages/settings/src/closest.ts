import leven from 'leven'

/** The candidate that a mistyped word most likely stands for; undefined if none is close. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  // A transposition counts as two edits; a word that differs in more than a third of its letters is another one.
  return best !== undefined && best.distance <= Math.max(2, word.length / 3) ? best.candidate : undefined
}
