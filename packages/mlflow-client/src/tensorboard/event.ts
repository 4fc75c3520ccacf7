/** The parts of an event that this package supports; images, histograms and the like are ignored. */
export interface TfEvent {
  /** Whole milliseconds since 1970, rounded the same way each time. */
  readonly timestampMs: number
  readonly step: number
  readonly scalars: readonly TfScalar[]
  /** Hyperparameters, where the event carries some. */
  readonly hparams?: TfHparams
  /** Its writer was restarted here: earlier events at this step or later are superseded. */
  readonly isRestart?: true
}

/** One value of one curve. */
export interface TfScalar {
  readonly tag: string
  readonly value: number
}

/** Hyperparameters as in TensorBoard's HParams plugin. */
export type TfHparams = Readonly<Record<string, string | number | boolean>>

/** Protobuf field numbers, by message. They are TensorBoard's and never change. */
export const FIELD = {
  event: { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 },
  sessionLog: { status: 1 },
  summary: { value: 1 },
  value: { tag: 1, simpleValue: 2, tensor: 8, metadata: 9 },
  metadata: { pluginData: 1 },
  pluginData: { pluginName: 1, content: 2 },
  tensor: {
    dtype: 1,
    shape: 2,
    content: 4,
    floatValues: 5,
    doubleValues: 6,
    intValues: 7,
    int64Values: 10,
  },
  shape: { dimension: 2 },
  dimension: { size: 1 },
  hparams: { version: 1, sessionStart: 3 },
  sessionStart: { hparams: 1, startTimeSecs: 5 },
  mapEntry: { key: 1, value: 2 },
  protoValue: { number: 2, text: 3, boolean: 4 },
} as const

/** The status of a session log that marks the start of a writer. */
export const SESSION_LOG_START = 1

/** The tag of a session's hyperparameters. */
export const SESSION_START_TAG = '_hparams_/session_start_info'
