import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const everyBytes = 4 * 1024 * 1024
let passedBytes = 0
const collectYoung = youngCollector()

/**
 * Counts artifact bytes that pass through, and frees their buffers every 4 MB. Left to itself, V8 sees only the
 * small objects around them and lets hundreds of MB pile up; with the memory never reused, it also takes twice the
 * processor time, measured.
 */
export function notePassing(bytes: number): void {
  passedBytes += bytes
  if (passedBytes < everyBytes) return
  passedBytes = 0
  collectYoung()
}

/**
 * V8's young-generation collection, which takes less than a millisecond. Single-threaded, since little survives and
 * on a busy machine waiting for the helper threads took as long as everything else that an artifact costs, measured.
 */
function youngCollector(): () => void {
  setFlagsFromString('--no-parallel-scavenge')
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  return typeof collect === 'function' ? () => void collect({ type: 'minor' }) : () => {}
}
