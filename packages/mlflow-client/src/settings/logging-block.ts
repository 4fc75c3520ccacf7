import { ClientError } from '../errors/client-error.ts'
import { didYouMean } from './did-you-mean.ts'
import type { Environment } from './environment.ts'
import { fillIn, hasReference } from './fill-in.ts'

/** The team's `logging:` block of a training YAML, validated. */
export interface LoggingBlock {
  /**
   * False disables logging; if missing, logging is on when the block mentions MLflow and a server or folder is
   * named.
   */
  readonly mlflow_active?: boolean
  readonly mlflow_tracking_uri?: string
  readonly mlflow_username?: string
  /** The team's password, or a person's own token. */
  readonly mlflow_password?: string
  readonly mlflow_experiment_name?: string
  readonly project?: string
  readonly team_member?: string
  readonly repeat?: number
  readonly seed?: number
  /** Keep `/` in metric names, so that the web page groups charts by prefix. */
  readonly keep_slashes?: boolean
  /** Folder of the journals; the user's state folder by default. */
  readonly spool_dir?: string
}

const KEYS: Readonly<Record<keyof LoggingBlock, 'boolean' | 'number' | 'string'>> = {
  mlflow_active: 'boolean',
  mlflow_tracking_uri: 'string',
  mlflow_username: 'string',
  mlflow_password: 'string',
  mlflow_experiment_name: 'string',
  project: 'string',
  team_member: 'string',
  repeat: 'number',
  seed: 'number',
  keep_slashes: 'boolean',
  spool_dir: 'string',
}

const KNOWN = Object.keys(KEYS)
/** Keys that a trainer's own `logging:` block may have as well. */
const SHARED: ReadonlySet<string> = new Set(['project', 'repeat', 'seed'])
const OWN = KNOWN.filter((key) => !SHARED.has(key))

/** What a training file says about logging. */
export interface LoggingFile {
  readonly block: LoggingBlock | undefined
  /** The name of a block that was probably meant to be `logging:` but is spelled differently. */
  readonly misspelled: string | undefined
}

/** Read what a parsed training file says about logging. */
export function readLoggingFile(document: unknown, env: Environment = {}): LoggingFile {
  const block = parseLoggingBlock(document, env)
  return { block, misspelled: block === undefined ? misspelledBlock(document) : undefined }
}

/**
 * Validate the `logging` key of a parsed training file, and substitute environment variables.
 *
 * Everything else in the file is the trainer's own, and so are other keys of the block, unless one is probably a
 * typo for one of ours. A block without any of our keys is left alone.
 */
export function parseLoggingBlock(document: unknown, env: Environment = {}): LoggingBlock | undefined {
  const block = isMapping(document) ? document['logging'] : undefined
  if (block === undefined || block === null) return undefined
  if (!isMapping(block)) {
    if (!JSON.stringify(block).includes('mlflow_')) return undefined
    throw invalid('The `logging:` block is not a mapping.', 'Indent its keys below it.')
  }
  const isOurs = Object.keys(block).some((key) => OWN.includes(key))
  for (const key of Object.keys(block)) refuseSlip(key, isOurs ? KNOWN : OWN)
  const entries = Object.entries(block).flatMap(([key, value]): [string, unknown][] => {
    // A key without a value means the default.
    if (!isKnown(key) || value === null || value === undefined) return []
    const filled = typeof value === 'string' ? fillInAs(KEYS[key], value, env, key) : value
    if (typeof filled === KEYS[key]) return [[key, filled]]
    if (isOurs) throw wrongKind(key, filled)
    return []
  })
  return isOurs || entries.length > 0 ? Object.fromEntries(entries) : undefined
}

function misspelledBlock(document: unknown): string | undefined {
  if (!isMapping(document)) return undefined
  return Object.entries(document).find(
    ([name, block]) =>
      name !== 'logging' &&
      name.toLowerCase() === 'logging' &&
      isMapping(block) &&
      Object.keys(block).some((key) => OWN.includes(key.toLowerCase())),
  )?.[0]
}

function refuseSlip(key: string, known: readonly string[]): void {
  if (isKnown(key)) return
  const meant = didYouMean(key, known)
  if (meant === undefined && !/^mlflow_/i.test(key)) return
  throw new ClientError({
    code: 'SOEN_CONFIG_UNKNOWN_KEY',
    message: `The \`logging:\` block has an unknown key "${key}".`,
    hint: meant === undefined ? `Known keys: ${KNOWN.join(', ')}.` : `Did you mean "${meant}"?`,
  })
}

/** Variables are texts; numbers and switches are parsed from them. */
function fillInAs(
  kind: 'boolean' | 'number' | 'string',
  text: string,
  env: Environment,
  key: string,
): unknown {
  if (!hasReference(text)) return text
  const filled = fillIn(text, env, key)
  if (kind === 'number' && /^-?\d+$/.test(filled)) return Number(filled)
  if (kind === 'boolean' && /^(true|yes|on|1)$/i.test(filled)) return true
  return kind === 'boolean' && /^(false|no|off|0|)$/i.test(filled) ? false : filled
}

/** The value stays out of the message: it may be the password. */
function wrongKind(key: keyof LoggingBlock, value: unknown): ClientError {
  const wanted = KEYS[key]
  return invalid(
    `\`logging.${key}\` must be a ${wanted}, it is a ${Array.isArray(value) ? 'list' : typeof value}.`,
    wanted === 'string' ? `Put quotes around it.` : `Write it without quotes.`,
  )
}

function isKnown(key: string): key is keyof LoggingBlock {
  return Object.hasOwn(KEYS, key)
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(message: string, hint: string): ClientError {
  return new ClientError({ code: 'SOEN_CONFIG_INVALID', message, hint })
}
