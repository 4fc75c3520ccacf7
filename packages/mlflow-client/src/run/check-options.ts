import { ClientError } from '../errors/client-error.ts'
import { brief, textOf } from '../errors/text-of.ts'
import { toStorableText } from './flatten.ts'
import type { ArtifactOptions, RunOptions } from './run.ts'

/** Called about each option that is ignored. */
type OnWarn = (warning: ClientError) => void

/** Reads one option by a rule that returns undefined for an invalid value. */
type Reader = <Value>(key: string, rule: (value: unknown) => Value | undefined) => Value | undefined

const STATUSES = ['FINISHED', 'FAILED', 'KILLED'] as const
const WAIT_MS = 30_000
/** The limit of timers. */
const MAX_WAIT_MS = 2 ** 31 - 1

/** The valid ones of a run's options, whatever was passed; an invalid option is ignored. */
export function checkRunOptions(options: unknown, onWarn: OnWarn): RunOptions {
  const take = readerOf(options, onWarn)
  return {
    name: take('name', text),
    experiment: take('experiment', text),
    project: take('project', text),
    member: take('member', text),
    repeat: take('repeat', number),
    seed: take('seed', number),
    description: take('description', text),
    tags: take('tags', record),
    params: take('params', object),
    resumeKey: take('resumeKey', (value) => (value === true ? value : text(value))),
    overlap: take('overlap', (value) => (value === 'skip' || value === 'keep' ? value : undefined)),
    runId: take('runId', text),
    systemMetrics: take('systemMetrics', flag),
  }
}

/** How long to wait, in milliseconds. */
export function checkWait(options: unknown, onWarn: OnWarn): number {
  const timeoutMs = readerOf(options, onWarn)('timeoutMs', number) ?? WAIT_MS
  return Math.min(Math.max(timeoutMs, 0), MAX_WAIT_MS)
}

/** The status that a run ends with. */
export function checkStatus(options: unknown, onWarn: OnWarn): (typeof STATUSES)[number] {
  const status = readerOf(options, onWarn)('status', (value) => STATUSES.find((each) => each === value))
  return status ?? 'FINISHED'
}

/** Options for the target of an artifact. */
export function checkArtifactOptions(options: unknown, onWarn: OnWarn): ArtifactOptions {
  const take = readerOf(options, onWarn)
  return { to: take('to', text), as: take('as', text) }
}

function readerOf(options: unknown, onWarn: OnWarn): Reader {
  const isEmpty = options === undefined || options === null
  const given = typeof options === 'object' && options !== null ? options : {}
  const refuse = (name: string, why: string): void => onWarn(leftOut(name, why))
  if (!isEmpty && given !== options) refuse('options', `${textOf(options)} is no object`)
  return (key, rule) => {
    try {
      const value: unknown = Reflect.get(given, key)
      if (value === undefined || value === null) return undefined
      const read = rule(value)
      if (read === undefined) refuse(key, `${textOf(value)} cannot be used`)
      return read
    } catch (error) {
      refuse(key, textOf(error))
      return undefined
    }
  }
}

/** A number is accepted as a name from plain JavaScript. */
function text(value: unknown): string | undefined {
  if (typeof value === 'string') return toStorableText(value)
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && !Number.isNaN(value) ? value : undefined
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** Its values are checked when they are logged. */
function record(value: unknown): Record<string, string> | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value is spelled as a text by itself
  return object(value) as Record<string, string> | undefined
}

function object(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null ? value : undefined
}

function leftOut(name: string, why: string): ClientError {
  return new ClientError({
    code: 'SOEN_ITEM_REFUSED',
    message: `The option "${name}" is left out: ${brief(why)}.`,
    hint: 'The training goes on; mend the call.',
  })
}
