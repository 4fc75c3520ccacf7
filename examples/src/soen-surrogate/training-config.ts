/** The trainer's own part of a training file; the `logging:` block is the client's. */
export interface TrainingConfig {
  readonly seed: number
  readonly repeat: number
  readonly samples: number
  readonly validationShare: number
  readonly noise: number
  readonly hidden: readonly number[]
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
}

const DEFAULTS: TrainingConfig = {
  seed: 7,
  repeat: 0,
  samples: 6000,
  validationShare: 0.2,
  noise: 0.01,
  hidden: [32, 32],
  epochs: 40,
  batchSize: 32,
  learningRate: 0.01,
}

/** Read the `training:` block of a parsed file; what is missing has a default. */
export function parseTrainingConfig(file: unknown): TrainingConfig {
  const given = isMapping(file) ? (file['training'] ?? {}) : {}
  if (!isMapping(given)) throw new Error('`training:` is not a mapping: indent its keys below it.')
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(DEFAULTS, key))
  if (unknown !== undefined) {
    throw new Error(`\`training.${unknown}\` is not known; known are ${Object.keys(DEFAULTS).join(', ')}.`)
  }
  const number = (key: Exclude<keyof TrainingConfig, 'hidden'>, least: number): number => {
    const value = given[key] ?? DEFAULTS[key]
    if (typeof value === 'number' && value >= least) return value
    throw new Error(`\`training.${key}\` must be a number of at least ${least}.`)
  }
  const hidden: unknown = given['hidden'] ?? DEFAULTS.hidden
  if (!isSizes(hidden))
    throw new Error('`training.hidden` must be a list of layer sizes, for example [24, 24].')
  return {
    seed: number('seed', 0),
    repeat: number('repeat', 0),
    samples: number('samples', 10),
    validationShare: number('validationShare', 0),
    noise: number('noise', 0),
    hidden,
    epochs: number('epochs', 1),
    batchSize: number('batchSize', 1),
    learningRate: number('learningRate', 0),
  }
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size > 0)
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
