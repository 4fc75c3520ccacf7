// A client has no reason to encode a dot, except to make two readers disagree about `..`.
const encodedDot = /%2e/i
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const neverInSegment = /[\u0000-\u001f\u007f-\u009f/\\;#?%]/
const malformedPercent = /%(?![0-9a-f]{2})/i
const percentRuns = /(?:%[0-9a-f]{2})+/gi
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A segment outside of artifact names; undefined when it is not canonical. */
export function plainSegment(raw: string): string | undefined {
  const decoded = encodedDot.test(raw) ? undefined : decodeOnce(raw)
  return decoded === undefined || neverInSegment.test(decoded) || isDotted(decoded) ? undefined : decoded
}

function isDotted(text: string): boolean {
  return text === '' || text === '.' || text === '..'
}

/** Text decoded once, as HTTP defines it; undefined where the encoding is invalid. */
export function decodeOnce(raw: string): string | undefined {
  return malformedPercent.test(raw) ? undefined : decodeLikePython(raw)
}

/** Python's `unquote` leaves a malformed escape unchanged, unlike `decodeURIComponent`. */
export function decodeLikePython(text: string): string | undefined {
  try {
    return text.replace(percentRuns, (run) => strictUtf8.decode(Buffer.from(run.replaceAll('%', ''), 'hex')))
  } catch {
    return undefined
  }
}
