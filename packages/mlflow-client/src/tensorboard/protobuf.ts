/** One field of a protobuf message. Which of its values applies depends on the message's definition. */
export interface ProtoField {
  readonly number: number
  /** A varint as a signed 64-bit integer; 0 for other wire types. */
  readonly integer: number
  /** The raw bytes of fixed-width and length-delimited fields; empty for varints. */
  readonly bytes: Buffer
}

const VARINT = 0
const FIXED64 = 1
const DELIMITED = 2
const FIXED32 = 5
const NO_BYTES = Buffer.alloc(0)

/** The fields of a message in order. Throws a `RangeError` for bytes that are not a message. */
export function* readFields(message: Buffer): Generator<ProtoField, void, undefined> {
  for (let at = 0; at < message.length;) {
    const key = readVarint(message, at)
    const number = Math.floor(key.value / 8)
    const wireType = key.value % 8
    at = key.end
    if (wireType === VARINT) {
      const { value, end } = readVarint(message, at)
      yield { number, integer: value, bytes: NO_BYTES }
      at = end
      continue
    }
    const length = lengthOf(wireType, message, at)
    const end = length.start + length.bytes
    if (end > message.length) throw new RangeError('A field reaches beyond its message.')
    yield { number, integer: 0, bytes: message.subarray(length.start, end) }
    at = end
  }
}

/** The varints of a packed field. */
export function readPackedVarints(bytes: Buffer): number[] {
  const values: number[] = []
  for (let at = 0; at < bytes.length;) {
    const { value, end } = readVarint(bytes, at)
    values.push(value)
    at = end
  }
  return values
}

/** A varint field. */
export function varintField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8 + VARINT), varint(value)])
}

/** A double field. */
export function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return Buffer.concat([varint(number * 8 + FIXED64), bytes])
}

/** A float field. */
export function floatField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return Buffer.concat([varint(number * 8 + FIXED32), bytes])
}

/** A field of text, bytes, or another message in several parts. */
export function bytesField(number: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
  return Buffer.concat([varint(number * 8 + DELIMITED), varint(content.length), content])
}

function lengthOf(wireType: number, message: Buffer, at: number): { start: number; bytes: number } {
  if (wireType === FIXED64) return { start: at, bytes: 8 }
  if (wireType === FIXED32) return { start: at, bytes: 4 }
  if (wireType !== DELIMITED) throw new RangeError(`A field has the unknown wire type ${wireType}.`)
  const { value, end } = readVarint(message, at)
  if (value < 0) throw new RangeError('A field has a negative length.')
  return { start: end, bytes: value }
}

function readVarint(bytes: Buffer, start: number): { value: number; end: number } {
  let value = 0
  // Seven groups of seven bits fit into a number; longer varints are negative or huge, and rare.
  for (let group = 0; group < 7; group += 1) {
    const byte = bytes[start + group]
    if (byte === undefined) throw new RangeError('A varint is torn.')
    value += (byte & 0x7f) * 2 ** (7 * group)
    if (byte < 0x80) return { value, end: start + group + 1 }
  }
  let big = 0n
  for (let group = 0; group < 10; group += 1) {
    const byte = bytes[start + group]
    if (byte === undefined) throw new RangeError('A varint is torn.')
    big |= BigInt(byte & 0x7f) << BigInt(7 * group)
    if (byte < 0x80) return { value: Number(BigInt.asIntN(64, big)), end: start + group + 1 }
  }
  throw new RangeError('A varint has no end.')
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}
