/** Counts the turns of the event loop during some work: in each, another request could be answered. */
export async function countTurns(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let isDone = false
  const turn = (): void => {
    if (isDone) return
    turns += 1
    setImmediate(turn)
  }
  setImmediate(turn)
  try {
    await work()
  } finally {
    isDone = true
  }
  return turns
}
