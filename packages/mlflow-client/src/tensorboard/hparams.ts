import { FIELD, type TfHparams } from './event.ts'
import { bytesField, doubleField, readFields, varintField } from './protobuf.ts'

/** Decode the hyperparameters in a plugin's content; undefined when it is about another part of the session. */
export function decodeHparams(content: Buffer): TfHparams | undefined {
  const session = fieldBytes(content, FIELD.hparams.sessionStart)
  if (session === undefined) return undefined
  const entries: [string, string | number | boolean][] = []
  for (const { number, bytes } of readFields(session)) {
    if (number !== FIELD.sessionStart.hparams) continue
    const value = decodeValue(fieldBytes(bytes, FIELD.mapEntry.value))
    if (value !== undefined) entries.push([fieldBytes(bytes, FIELD.mapEntry.key)?.toString() ?? '', value])
  }
  // A map has no order of its own; sorted, the result is always the same.
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Hyperparameters as the plugin's content. */
export function encodeHparams(hparams: TfHparams, timestampMs: number): Buffer {
  const entries = Object.entries(hparams).map(([key, value]) =>
    bytesField(
      FIELD.sessionStart.hparams,
      bytesField(FIELD.mapEntry.key, key),
      bytesField(FIELD.mapEntry.value, encodeValue(value)),
    ),
  )
  const startTime = doubleField(FIELD.sessionStart.startTimeSecs, timestampMs / 1000)
  return bytesField(FIELD.hparams.sessionStart, ...entries, startTime)
}

function decodeValue(value: Buffer = Buffer.alloc(0)): string | number | boolean | undefined {
  for (const { number, integer, bytes } of readFields(value)) {
    if (number === FIELD.protoValue.number) return bytes.readDoubleLE()
    if (number === FIELD.protoValue.text) return bytes.toString()
    if (number === FIELD.protoValue.boolean) return integer !== 0
  }
  return undefined
}

function encodeValue(value: string | number | boolean): Buffer {
  if (typeof value === 'number') return doubleField(FIELD.protoValue.number, value)
  if (typeof value === 'boolean') return varintField(FIELD.protoValue.boolean, value ? 1 : 0)
  return bytesField(FIELD.protoValue.text, value)
}

function fieldBytes(message: Buffer, wanted: number): Buffer | undefined {
  for (const { number, bytes } of readFields(message)) if (number === wanted) return bytes
  return undefined
}
