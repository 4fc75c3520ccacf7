import { posix } from 'node:path'
import { refusal, type MlflowError, type WireKeyValue, type WireMetric } from '@soen/mlflow-client/rest'

/** MLflow's limits for a log-batch. */
const MOST = { metrics: 1000, params: 100, tags: 100 } as const
const MOST_IN_ALL = 1000
const LONGEST_NAME = 250

/** The content of one call. */
export interface LoggedBatch {
  readonly metrics: readonly WireMetric[]
  readonly params: readonly WireKeyValue[]
  readonly tags: readonly WireKeyValue[]
}

/**
 * Validate a batch as MLflow's server does, so that a program learns of its mistake at once.
 *
 * @throws MlflowError `INVALID_PARAMETER_VALUE`; then nothing of the batch is logged
 */
export function checkBatch(batch: LoggedBatch): void {
  const kinds = ['metrics', 'params', 'tags'] as const
  const total = kinds.reduce((sum, kind) => sum + batch[kind].length, 0)
  for (const kind of kinds) {
    const count = batch[kind].length
    if (count > MOST[kind])
      throw invalid(
        `A batch logging request can contain at most ${MOST[kind]} ${kind}. Got ${count} ${kind}.`,
      )
  }
  if (total > MOST_IN_ALL)
    throw invalid(
      `A batch logging request can contain at most ${MOST_IN_ALL} metrics, params and tags. Got ${total}.`,
    )
  for (const kind of kinds)
    for (const [index, { key }] of batch[kind].entries()) checkName(key, `${kind}[${index}].name`)
  const named = new Set<string>()
  for (const { key } of batch.params) {
    if (named.has(key)) throw invalid(`Duplicate parameter keys have been submitted: ${key}.`)
    named.add(key)
  }
}

/** Check the name of a metric, parameter or tag, by MLflow's rules. */
function checkName(name: string, path: string): void {
  const why = troubleWith(name)
  if (why !== undefined)
    throw invalid(`Invalid value ${JSON.stringify(name)} for parameter '${path}' supplied: ${why}`)
}

function troubleWith(name: string): string | undefined {
  if (!/^[/\p{L}\p{N}_.\- :]+$/u.test(name))
    return 'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).'
  const normal = posix.normalize(name)
  if (
    normal !== name ||
    normal === '.' ||
    normal.startsWith('..') ||
    normal.startsWith('/') ||
    name.endsWith('/')
  )
    return `Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${normal}'`
  return Array.from(name).length > LONGEST_NAME
    ? `exceeds the maximum length of ${LONGEST_NAME} characters`
    : undefined
}

/** The error for a second value of a parameter, which keeps its first. */
export function changedParam(key: string, before: string, after: string, runId: string): MlflowError {
  return invalid(
    `Changing param values is not allowed. Param with key='${key}' was already logged with value='${before}' for run ID='${runId}'. Attempted logging new value '${after}'.`,
  )
}

function invalid(message: string): MlflowError {
  return refusal('INVALID_PARAMETER_VALUE', message)
}
