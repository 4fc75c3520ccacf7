import { Refusal } from '../errors/refusals.ts'
import { artifactSegment } from './segment.ts'
import type { Segment } from './segment.ts'

/** What file systems take: MLflow fails on more, also where it keeps files in a bucket, by way of its own disk. */
const maxNameBytes = 255
/** MLflow takes these away from the whole of a name, and finds another file than was named. */
const lostAtStart = /^ /
const lostAtEnd = /[?#]$/

/**
 * The segments of an artifact's name, as they came, or undefined where two readers could find two files.
 *
 * @throws Refusal `SOEN_NAME_TOO_LONG`
 */
export function readArtifactName(raw: readonly string[]): readonly Segment[] | undefined {
  const segments: Segment[] = []
  for (const text of raw) {
    const segment = artifactSegment(text)
    if (segment === undefined) return undefined
    if (Buffer.byteLength(segment.fixpoint) > maxNameBytes) throw new Refusal('SOEN_NAME_TOO_LONG')
    segments.push(segment)
  }
  const [first, last] = [segments[0]?.fixpoint ?? '', segments.at(-1)?.fixpoint ?? '']
  return lostAtStart.test(first) || lostAtEnd.test(last) ? undefined : segments
}
