// One listener for all, because Node warns of more than ten.
const onExits = new Set<(exitCode: number) => void>()
const onIdles = new Set<(exitCode: number) => void>()

/** Register a function to call when the process exits. */
export function addOnExit(onExit: (exitCode: number) => void): void {
  if (onExits.size === 0) process.on('exit', exitAll)
  onExits.add(onExit)
}

/** Unregister it. */
export function removeOnExit(onExit: (exitCode: number) => void): void {
  onExits.delete(onExit)
  if (onExits.size === 0) process.off('exit', exitAll)
}

/** Register a function to call once when the process has nothing left to do. */
export function addOnIdle(onIdle: (exitCode: number) => void): void {
  if (onIdles.size === 0) process.once('beforeExit', idleAll)
  onIdles.add(onIdle)
}

/** Unregister it. */
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
