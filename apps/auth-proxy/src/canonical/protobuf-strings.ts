import { Refusal } from '../errors/refusals.ts'

/** Enough for four thousand OpenTelemetry spans with twenty attributes each; exporters send 512 at once. */
const maxFields = 250_000

/**
 * Every string at one path of field numbers in a protobuf message. Everything else is skipped.
 *
 * @throws Refusal `SOEN_BODY_NOT_CANONICAL` for bytes that are not a message, `SOEN_BODY_TOO_COMPLEX` for too many
 * fields
 */
export function stringsAt(message: Buffer, path: readonly number[]): readonly string[] {
  const found: string[] = []
  let fields = 0
  const walk = (bytes: Buffer, depth: number): void => {
    for (let at = 0; at < bytes.length;) {
      fields += 1
      if (fields > maxFields) throw new Refusal('SOEN_BODY_TOO_COMPLEX')
      const tag = readVarint(bytes, at)
      const [number, type] = [Math.floor(tag.value / 8), tag.value % 8]
      if (type !== 2) {
        at = skipScalar(bytes, tag.end, type)
        continue
      }
      const length = readVarint(bytes, tag.end)
      at = length.end + length.value
      if (at > bytes.length) throw malformed()
      if (number !== path[depth]) continue
      const content = bytes.subarray(length.end, at)
      if (depth === path.length - 1) found.push(content.toString('utf8'))
      else walk(content, depth + 1)
    }
  }
  walk(message, 0)
  return found
}

/** Skips a varint, or a value of four or eight bytes. Groups are not part of proto3. */
function skipScalar(bytes: Buffer, at: number, type: number): number {
  const widths: Readonly<Record<number, number>> = { 1: 8, 5: 4 }
  const width = widths[type]
  const end = type === 0 ? readVarint(bytes, at).end : at + (width ?? Number.POSITIVE_INFINITY)
  if (end > bytes.length) throw malformed()
  return end
}

function readVarint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } {
  let value = 0
  for (let index = 0; index < 10; index += 1) {
    const byte = bytes[at + index]
    if (byte === undefined) break
    // Only values that are not used here can exceed 53 bits.
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return { value, end: at + index + 1 }
  }
  throw malformed()
}

function malformed(): Refusal {
  return new Refusal('SOEN_BODY_NOT_CANONICAL')
}
