import { FIELD, SESSION_START_TAG, type TfHparams } from './event.ts'
import { encodeHparams } from './hparams.ts'
import { bytesField, doubleField, floatField, varintField } from './protobuf.ts'

/** The first event of every file. */
export function encodeFileVersion(timestampMs: number): Buffer {
  return Buffer.concat([wallTime(timestampMs), bytesField(FIELD.event.fileVersion, 'brain.Event:2')])
}

/** The values of one step as one event, in single precision as in TensorBoard. */
export function encodeScalars(
  scalars: Readonly<Record<string, number>>,
  { step, timestampMs }: { readonly step: number; readonly timestampMs: number },
): Buffer {
  const values = Object.entries(scalars).map(([tag, value]) =>
    bytesField(
      FIELD.summary.value,
      bytesField(FIELD.value.tag, tag),
      floatField(FIELD.value.simpleValue, value),
    ),
  )
  return Buffer.concat([
    wallTime(timestampMs),
    varintField(FIELD.event.step, step),
    bytesField(FIELD.event.summary, ...values),
  ])
}

/** Hyperparameters as one event, for TensorBoard's HParams plugin. */
export function encodeHparamsEvent(hparams: TfHparams, timestampMs: number): Buffer {
  const pluginData = bytesField(
    FIELD.metadata.pluginData,
    bytesField(FIELD.pluginData.pluginName, 'hparams'),
    bytesField(FIELD.pluginData.content, encodeHparams(hparams, timestampMs)),
  )
  const value = bytesField(
    FIELD.summary.value,
    bytesField(FIELD.value.tag, SESSION_START_TAG),
    bytesField(FIELD.value.metadata, pluginData),
  )
  return Buffer.concat([wallTime(timestampMs), bytesField(FIELD.event.summary, value)])
}

function wallTime(timestampMs: number): Buffer {
  return doubleField(FIELD.event.wallTime, timestampMs / 1000)
}
