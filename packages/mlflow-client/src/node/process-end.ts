// One listener for all, because Node warns of more than ten.
const onExits = new Set<(exitCode: number) => void>()
const onIdles = new Set<(exitCode: number) => void>()

/** Call this when the process exits, until it is taken back. */
export function addOnExit(onExit: (exitCode: number) => void): void {
  if (onExits.size === 0) process.on('exit', exitAll)
  onExits.add(onExit)
}

/** Take it back. */
export function removeOnExit(onExit: (exitCode: number) => void): void {
  onExits.delete(onExit)
  if (onExits.size === 0) process.off('exit', exitAll)
}

/** Call this once when the process has nothing left to do, unless it is taken back before. */
export function addOnIdle(onIdle: (exitCode: number) => void): void {
  if (onIdles.size === 0) process.once('beforeExit', idleAll)
  onIdles.add(onIdle)
}

/** Take it back. */
export function removeOnIdle(onIdle: (exitCode: number) => void): void {
  onIdles.delete(onIdle)
  if (onIdles.size === 0) process.off('beforeExit', idleAll)
}

function exitAll(exitCode: number): void {
  for (const onExit of onExits) onExit(exitCode)
}

function idleAll(exitCode: number): void {
  const all = [...onIdles]
  onIdles.clear()
  for (const onIdle of all) onIdle(exitCode)
}
