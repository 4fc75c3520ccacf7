/** What a path segment means to MLflow once it is decoded. */
export interface Segment {
  /** Decoded once, as HTTP says. */
  readonly decoded: string
  /** Decoded until nothing changes, as MLflow does with artifact paths. */
  readonly fixpoint: string
}

const maxDecodings = 3
const percentRuns = /(?:%[0-9a-f]{2})+/gi
const malformedPercent = /%(?![0-9a-f]{2})/i
// A client has no reason to encode a dot: who does wants two readers to disagree about `..`.
const encodedDot = /%2e/i
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const neverInSegment = /[\u0000-\u001f\u007f-\u009f/\\;]/
const onlyInArtifactNames = /[#?%]/
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A segment outside artifact names, or undefined when it is not canonical. */
export function plainSegment(raw: string): string | undefined {
  const decoded = decodeOnce(raw)
  return decoded === undefined || onlyInArtifactNames.test(decoded) || !isSafe(decoded) ? undefined : decoded
}

/** A segment of an artifact's name, or undefined when any reading of it would be unsafe. */
export function artifactSegment(raw: string): Segment | undefined {
  const decoded = decodeOnce(raw)
  if (decoded === undefined || !isSafe(decoded)) return undefined
  let fixpoint = decoded
  for (let decodings = 1; decodings < maxDecodings; decodings += 1) {
    const next = decodeLikePython(fixpoint)
    if (next === undefined || !isSafe(next)) return undefined
    if (next === fixpoint) return { decoded, fixpoint }
    fixpoint = next
  }
  return decodeLikePython(fixpoint) === fixpoint ? { decoded, fixpoint } : undefined
}

function decodeOnce(raw: string): string | undefined {
  return malformedPercent.test(raw) || encodedDot.test(raw) ? undefined : decodeLikePython(raw)
}

/** Python's `unquote` leaves a malformed escape alone, unlike `decodeURIComponent`. */
function decodeLikePython(text: string): string | undefined {
  try {
    return text.replace(percentRuns, (run) => strictUtf8.decode(Buffer.from(run.replaceAll('%', ''), 'hex')))
  } catch {
    return undefined
  }
}

function isSafe(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..' && !neverInSegment.test(text)
}
