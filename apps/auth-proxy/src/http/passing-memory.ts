import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const everyBytes = 4 * 1024 * 1024
let passedBytes = 0
const collectYoung = youngCollector()

/**
 * Says that so many bytes of an artifact pass through. What held them is freed every 4 MB: left to itself, V8 sees
 * only the small objects around them and lets hundreds of MB pile up, never twice the same memory, which also takes
 * twice the processor time, measured.
 */
export function notePassing(bytes: number): void {
  passedBytes += bytes
  if (passedBytes < everyBytes) return
  passedBytes = 0
  collectYoung()
}

/**
 * V8's collection of what is young, which takes less than a millisecond: by this thread alone, since little lives and
 * on a busy machine the helpers are waited for, which took as long as all else that an artifact costs, measured.
 */
function youngCollector(): () => void {
  setFlagsFromString('--no-parallel-scavenge')
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  return typeof collect === 'function' ? () => void collect({ type: 'minor' }) : () => {}
}
