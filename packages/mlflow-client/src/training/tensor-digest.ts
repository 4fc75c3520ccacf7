import { createHash } from 'node:crypto'

/** Numbers in numpy's memory layout. */
export type TensorData =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array

/** A tensor, row by row. */
export interface Tensor {
  readonly data: TensorData
  /** One dimension by default. */
  readonly shape?: readonly number[] | undefined
}

/** The number of values that MLflow hashes. */
const MAX_VALUES = 10_000
const SIGN = { 4: 0x8000_0000n, 8: 0x8000_0000_0000_0000n } as const
const QUIET_NAN = { 4: 0x7fc0_0000n, 8: 0x7ff8_0000_0000_0000n } as const

/** The shape of a tensor; by default one dimension. */
export function shapeOf({ data, shape = [data.length] }: Tensor): readonly number[] {
  const size = shape.reduce((product, length) => product * length, 1)
  if (size === data.length) return shape
  throw new TypeError(`a tensor of ${shape.join(' × ')} has ${size} values, not ${data.length}`)
}

/**
 * The digest that `mlflow.data.from_numpy` computes for the same numbers: of the first ten thousand values and of
 * the shapes.
 */
export function tensorDigest(tensors: readonly Tensor[]): string {
  const digest = createHash('md5')
  for (const tensor of tensors) {
    for (const bits of bitsOf(tensor.data.slice(0, MAX_VALUES))) digest.update(toBytes(scatter(bits)))
    for (const length of shapeOf(tensor)) digest.update(toBytes(BigInt(length)))
  }
  return digest.digest('hex').slice(0, 8)
}

function* bitsOf(data: TensorData): Generator<bigint, void, undefined> {
  const unsigned = asUnsigned(data)
  const width = data.BYTES_PER_ELEMENT
  const isFloat = data instanceof Float32Array || data instanceof Float64Array
  for (const [index, value] of unsigned.entries()) {
    const bits = BigInt(value)
    // Equal numbers must have equal hashes, whatever their bits: zero has a sign, and NaN has many forms.
    if (isFloat && Number.isNaN(data[index])) yield QUIET_NAN[width === 4 ? 4 : 8]
    else yield isFloat && bits === SIGN[width === 4 ? 4 : 8] ? 0n : bits
  }
}

function asUnsigned(data: TensorData): Uint8Array | Uint16Array | Uint32Array | BigUint64Array {
  const { buffer, byteOffset, length } = data
  if (data.BYTES_PER_ELEMENT === 1) return new Uint8Array(buffer, byteOffset, length)
  if (data.BYTES_PER_ELEMENT === 2) return new Uint16Array(buffer, byteOffset, length)
  if (data.BYTES_PER_ELEMENT === 4) return new Uint32Array(buffer, byteOffset, length)
  return new BigUint64Array(buffer, byteOffset, length)
}

/** Mixes 64 bits as pandas does. */
function scatter(bits: bigint): bigint {
  let mixed = bits ^ (bits >> 30n)
  mixed = BigInt.asUintN(64, mixed * 0xbf58_476d_1ce4_e5b9n)
  mixed ^= mixed >> 27n
  mixed = BigInt.asUintN(64, mixed * 0x94d0_49bb_1331_11ebn)
  return mixed ^ (mixed >> 31n)
}

function toBytes(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}
