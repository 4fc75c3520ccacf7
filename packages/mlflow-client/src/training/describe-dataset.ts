import { createHash } from 'node:crypto'
import type { Dataset } from '../run/dataset.ts'
import { shapeOf, tensorDigest, type Tensor, type TensorData } from './tensor-digest.ts'

/** The source of the data. */
export type DatasetOrigin = Pick<Dataset, 'name' | 'source' | 'sourceType'>

/** The rows of a table, all with the same columns. */
export type DatasetRows = readonly Readonly<Record<string, unknown>>[]

/** numpy's names. */
const DTYPES: Readonly<Record<string, string>> = {
  Int8Array: 'int8',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Int16Array: 'int16',
  Uint16Array: 'uint16',
  Int32Array: 'int32',
  Uint32Array: 'uint32',
  BigInt64Array: 'int64',
  BigUint64Array: 'uint64',
  Float32Array: 'float32',
  Float64Array: 'float64',
}

/**
 * Describe tensors for `run.input` as MLflow's Python describes numpy arrays: with the same digest, schema and profile, so
 * that a run in either language shows whether it read the same data.
 */
export function describeTensors(
  origin: DatasetOrigin,
  { features, targets }: { readonly features: Tensor; readonly targets?: Tensor | undefined },
): Dataset {
  const profile = {
    ...profileOf('features', features),
    ...(targets !== undefined && profileOf('targets', targets)),
  }
  return {
    ...origin,
    digest: tensorDigest(targets === undefined ? [features] : [features, targets]),
    schema: {
      mlflow_tensorspec: {
        features: schemaOf(features),
        targets: targets === undefined ? null : schemaOf(targets),
      },
    },
    profile,
  }
}

/**
 * Describe a table for `run.input`: the schema of its columns as MLflow's page shows it, its size, and a digest of its rows.
 *
 * The digest is of this kit's own making: MLflow's is one of pandas' memory.
 */
export function describeRows(origin: DatasetOrigin, rows: DatasetRows): Dataset {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const digest = createHash('md5')
  digest.update(JSON.stringify(columns))
  for (const row of rows) digest.update(JSON.stringify(columns.map((column) => spell(row[column]))))
  const fields = columns.map((name) => {
    const cells = rows.map((row) => row[name])
    return { type: typeOf(cells), name, required: cells.every((cell) => cell !== undefined && cell !== null) }
  })
  return {
    ...origin,
    digest: digest.digest('hex').slice(0, 8),
    schema: { mlflow_colspec: fields },
    profile: { num_rows: rows.length, num_elements: rows.length * columns.length },
  }
}

function profileOf(role: string, tensor: Tensor): object {
  return {
    [`${role}_shape`]: shapeOf(tensor),
    [`${role}_size`]: tensor.data.length,
    [`${role}_nbytes`]: tensor.data.byteLength,
  }
}

/** The first dimension, the number of samples, is left open (-1), because the next data may have more. */
function schemaOf(tensor: Tensor): string {
  const shape = [-1, ...shapeOf(tensor).slice(1)]
  return JSON.stringify([{ type: 'tensor', 'tensor-spec': { dtype: dtypeOf(tensor.data), shape } }])
}

function dtypeOf(data: TensorData): string {
  return DTYPES[data.constructor.name] ?? 'object'
}

function typeOf(cells: readonly unknown[]): string {
  const there = cells.filter((cell) => cell !== undefined && cell !== null)
  if (there.length === 0) return 'string'
  if (there.every((cell) => typeof cell === 'boolean')) return 'boolean'
  if (there.every((cell) => typeof cell === 'bigint' || Number.isSafeInteger(cell))) return 'long'
  if (there.every((cell) => typeof cell === 'number')) return 'double'
  return there.every((cell) => cell instanceof Date) ? 'datetime' : 'string'
}

function spell(cell: unknown): unknown {
  // In JSON, NaN and the infinities would become null.
  return typeof cell === 'bigint' || typeof cell === 'number' ? `${typeof cell} ${cell}` : cell
}
