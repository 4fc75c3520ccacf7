import { FIELD } from './event.ts'
import { shortestFloat32 } from './float32.ts'
import { readFields, readPackedVarints } from './protobuf.ts'

/** The encoding of one data type's numbers in `tensor_content`, and the field that otherwise has them. */
interface NumberFormat {
  readonly sizeBytes: number
  readonly read: (bytes: Buffer) => number
}

const FLOAT: NumberFormat = { sizeBytes: 4, read: (bytes) => shortestFloat32(bytes.readFloatLE()) }
const DOUBLE: NumberFormat = { sizeBytes: 8, read: (bytes) => bytes.readDoubleLE() }
/** TensorFlow's type numbers of the types that scalars have. */
const FORMATS = new Map<number, NumberFormat>([
  [1, FLOAT],
  [2, DOUBLE],
  [3, { sizeBytes: 4, read: (bytes) => bytes.readInt32LE() }],
  [9, { sizeBytes: 8, read: (bytes) => Number(bytes.readBigInt64LE()) }],
])

/** The number in a tensor; undefined when it has several, none, or something else. */
export function decodeScalarTensor(tensor: Buffer): number | undefined {
  let format: NumberFormat | undefined
  let content: Buffer = Buffer.alloc(0)
  const values: number[] = []
  for (const { number, integer, bytes } of readFields(tensor)) {
    if (number === FIELD.tensor.dtype) format = FORMATS.get(integer)
    else if (number === FIELD.tensor.shape && !hasOneElement(bytes)) return undefined
    else if (number === FIELD.tensor.content) content = bytes
    else if (number === FIELD.tensor.floatValues) values.push(...split(bytes, FLOAT))
    else if (number === FIELD.tensor.doubleValues) values.push(...split(bytes, DOUBLE))
    else if (number === FIELD.tensor.intValues || number === FIELD.tensor.int64Values)
      values.push(...(bytes.length > 0 ? readPackedVarints(bytes) : [integer]))
  }
  if (format === undefined) return undefined
  const all = content.length > 0 ? split(content, format) : values
  return all.length === 1 ? all[0] : undefined
}

/** Whether a shape has no dimensions, as for scalars, or only dimensions of size one. */
function hasOneElement(shape: Buffer): boolean {
  for (const dimension of readFields(shape)) {
    if (dimension.number !== FIELD.shape.dimension) continue
    const size = [...readFields(dimension.bytes)].find(({ number }) => number === FIELD.dimension.size)
    if (size?.integer !== 1) return false
  }
  return true
}

function split(bytes: Buffer, { sizeBytes, read }: NumberFormat): number[] {
  return Array.from({ length: Math.floor(bytes.length / sizeBytes) }, (_, index) =>
    read(bytes.subarray(index * sizeBytes)),
  )
}
