import { createHash } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { FitState } from './fit.ts'
import { parameterCount, type LayerSizes } from './network.ts'

/** The side-car of a `.ckpt`: enough to know what it is and whether it is complete, without opening it. */
export interface Sidecar {
  readonly format: 'soen-surrogate'
  readonly version: 1
  readonly sizes: LayerSizes
  readonly dtype: 'float64-le'
  readonly epoch: number
  readonly optimiserStep: number
  readonly sha256: string
  readonly metrics: Readonly<Record<string, number>>
}

/**
 * Write a checkpoint and then its side-car, so that a side-car's presence means a whole checkpoint.
 *
 * The `.ckpt` holds three arrays of little-endian doubles: parameters, Adam's means, Adam's squares.
 */
export function writeCheckpoint(
  path: string,
  state: FitState,
  { sizes, metrics }: { readonly sizes: LayerSizes; readonly metrics: Readonly<Record<string, number>> },
): Sidecar {
  const bytes = Buffer.concat([state.parameters, state.adam.mean, state.adam.square].map(toBytes))
  const sidecar: Sidecar = {
    format: 'soen-surrogate',
    version: 1,
    sizes,
    dtype: 'float64-le',
    epoch: state.epoch,
    optimiserStep: state.adam.step,
    sha256: sha256(bytes),
    metrics,
  }
  replaceFile(path, bytes)
  replaceFile(sidecarPath(path), `${JSON.stringify(sidecar, null, 2)}\n`)
  return sidecar
}

/** Read a checkpoint back; throws when it is not the file its side-car describes. */
export function readCheckpoint(path: string): { readonly state: FitState; readonly sizes: LayerSizes } {
  const sidecar: unknown = JSON.parse(readFileSync(sidecarPath(path), 'utf8'))
  if (!isSidecar(sidecar))
    throw new Error(`${sidecarPath(path)} does not describe a soen-surrogate checkpoint.`)
  const bytes = readFileSync(path)
  if (sha256(bytes) !== sidecar.sha256)
    throw new Error(`${path} is damaged: its checksum is not its side-car's.`)
  const { sizes, epoch, optimiserStep: step } = sidecar
  const count = parameterCount(sizes)
  const [parameters, mean, square] = [0, 1, 2].map((part) => fromBytes(bytes, part * count, count))
  if (!parameters || !mean || !square || bytes.length !== 3 * 8 * count) {
    throw new Error(`${path} has ${bytes.length} bytes, not those of a network ${sizes.join('-')}.`)
  }
  return { sizes, state: { epoch, parameters, adam: { step, mean, square } } }
}

/** `model.ckpt` → `model.soen`. */
export function sidecarPath(path: string): string {
  return path.replace(/\.ckpt$/, '.soen')
}

/** A new file under the old name: whoever holds a link to the old one, such as an upload, keeps its content. */
function replaceFile(path: string, content: Buffer | string): void {
  writeFileSync(`${path}.tmp`, content)
  renameSync(`${path}.tmp`, path)
}

function toBytes(values: Float64Array): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 8)
  for (const [index, value] of values.entries()) bytes.writeDoubleLE(value, index * 8)
  return bytes
}

function fromBytes(bytes: Buffer, from: number, count: number): Float64Array | undefined {
  if (bytes.length < 8 * (from + count)) return undefined
  return Float64Array.from({ length: count }, (_, index) => bytes.readDoubleLE(8 * (from + index)))
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function isSidecar(value: unknown): value is Sidecar {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === 'soen-surrogate'
}
