import { decodeScalarTensor } from './decode-tensor.ts'
import {
  FIELD,
  SESSION_LOG_START,
  SESSION_START_TAG,
  type TfEvent,
  type TfHparams,
  type TfScalar,
} from './event.ts'
import { shortestFloat32 } from './float32.ts'
import { decodeHparams } from './hparams.ts'
import { readFields } from './protobuf.ts'

/** Decode one event. Throws a `RangeError` for invalid bytes. */
export function decodeEvent(record: Buffer): TfEvent {
  let timestampMs = 0
  let step = 0
  const scalars: TfScalar[] = []
  let hparams: TfHparams | undefined
  let isRestart = false
  for (const { number, integer, bytes } of readFields(record)) {
    if (number === FIELD.event.wallTime) timestampMs = Math.round(bytes.readDoubleLE() * 1000)
    else if (number === FIELD.event.step) step = integer
    else if (number === FIELD.event.sessionLog) isRestart = isStart(bytes)
    else if (number === FIELD.event.summary) {
      for (const field of readFields(bytes)) {
        if (field.number !== FIELD.summary.value) continue
        const { tag, value, pluginContent } = decodeValue(field.bytes)
        if (tag === SESSION_START_TAG && pluginContent !== undefined) hparams = decodeHparams(pluginContent)
        else if (value !== undefined) scalars.push({ tag, value })
      }
    }
  }
  return { timestampMs, step, scalars, ...(hparams && { hparams }), ...(isRestart && { isRestart }) }
}

function isStart(sessionLog: Buffer): boolean {
  const fields = [...readFields(sessionLog)]
  return fields.some(
    ({ number, integer }) => number === FIELD.sessionLog.status && integer === SESSION_LOG_START,
  )
}

interface SummaryValue {
  readonly tag: string
  readonly value: number | undefined
  readonly pluginContent: Buffer | undefined
}

function decodeValue(summaryValue: Buffer): SummaryValue {
  let tag = ''
  let value: number | undefined
  let pluginContent: Buffer | undefined
  for (const { number, bytes } of readFields(summaryValue)) {
    if (number === FIELD.value.tag) tag = bytes.toString()
    else if (number === FIELD.value.simpleValue) value = shortestFloat32(bytes.readFloatLE())
    else if (number === FIELD.value.tensor) value = decodeScalarTensor(bytes)
    else if (number === FIELD.value.metadata) pluginContent = decodePluginContent(bytes)
  }
  return { tag, value, pluginContent }
}

function decodePluginContent(metadata: Buffer): Buffer | undefined {
  for (const { number, bytes } of readFields(metadata)) {
    if (number !== FIELD.metadata.pluginData) continue
    for (const field of readFields(bytes)) {
      if (field.number === FIELD.pluginData.content) return field.bytes
    }
  }
  return undefined
}
