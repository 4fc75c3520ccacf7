import { ClientError } from '../errors/client-error.ts'
import { didYouMean } from './did-you-mean.ts'

/** The team's `logging:` block of a training YAML, as checked values. */
export interface LoggingBlock {
  /** Nothing is logged unless this is true. */
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

/** Check the `logging` key of a parsed training file. Everything else in the file is the trainer's own. */
export function parseLoggingBlock(document: unknown): LoggingBlock | undefined {
  if (!isMapping(document)) return undefined
  const block = document['logging']
  if (block === undefined || block === null) return undefined
  if (!isMapping(block)) throw invalid('The `logging:` block is not a mapping.', 'Indent its keys below it.')
  for (const [key, value] of Object.entries(block)) checkKey(key, value)
  // A key that is written and left empty means the default.
  return Object.fromEntries(Object.entries(block).filter(([, value]) => value !== null))
}

function checkKey(key: string, value: unknown): void {
  if (!isKnown(key)) {
    const meant = didYouMean(key, Object.keys(KEYS))
    throw new ClientError({
      code: 'SOEN_CONFIG_UNKNOWN_KEY',
      message: `The \`logging:\` block has an unknown key "${key}".`,
      hint: meant === undefined ? `Known keys: ${Object.keys(KEYS).join(', ')}.` : `Did you mean "${meant}"?`,
    })
  }
  const wanted = KEYS[key]
  // The value stays out of the message: it may be the password.
  if (value !== null && typeof value !== wanted) {
    throw invalid(
      `\`logging.${key}\` must be a ${wanted}, it is a ${Array.isArray(value) ? 'list' : typeof value}.`,
      wanted === 'string' ? `Put quotes around it.` : `Write it without quotes.`,
    )
  }
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
