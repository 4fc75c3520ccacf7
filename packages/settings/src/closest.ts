import leven from 'leven'

/** The candidate that a mistyped word was most likely meant to be; undefined if none is near. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  // Two swapped letters count as two; beyond a third of the letters it is another word.
  return best !== undefined && best.distance <= Math.max(2, word.length / 3) ? best.candidate : undefined
}
