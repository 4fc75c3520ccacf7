import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { ClientError } from '../errors/client-error.ts'
import type { StoredCredentials } from './credentials-file.ts'
import type { Environment } from './environment.ts'
import { toFileUri } from './file-uri.ts'
import { expandHome } from './expand-home.ts'
import type { LoggingBlock, LoggingFile } from './logging-block.ts'
import { retryPolicyFromEnv, type RetryPolicy } from './retry-policy.ts'
import { parseStoreUri } from './store-uri.ts'
import { parseTrackingUri, type Credentials, type ParsedTrackingUri } from './tracking-uri.ts'

/** Whose work a run is; stored as the `soen.*` tags. */
export interface Identity {
  readonly project?: string | undefined
  readonly member?: string | undefined
  readonly repeat?: number | undefined
  readonly seed?: number | undefined
}

/** Settings passed by the caller; all are optional and override environment and file. */
export interface CallSettings extends Identity {
  readonly active?: boolean | undefined
  readonly trackingUri?: string | undefined
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly token?: string | undefined
  readonly experiment?: string | undefined
  /** The server's id of an experiment; overrides a name from a weaker source. */
  readonly experimentId?: string | undefined
  /** The server's id of an existing run, which the first run of the client continues. */
  readonly runId?: string | undefined
  readonly keepSlashes?: boolean | undefined
  readonly spoolDir?: string | undefined
  /** A team's defaults for its own build. */
  readonly defaults?: { readonly trackingUri?: string; readonly username?: string } | undefined
}

/** Logging is off: every call is a no-op. */
export interface DisabledSettings {
  readonly active: false
  /** The reason, for people. */
  readonly reason: string
  /** What was probably not intended. */
  readonly warnings?: readonly ClientError[] | undefined
}

/** Settings common to a server and a folder. */
interface ActiveParts {
  readonly active: true
  /** What was probably not intended. */
  readonly warnings?: readonly ClientError[] | undefined
  readonly experiment: string
  /** The server's id of the experiment, where that was given. */
  readonly experimentId?: string | undefined
  /** The server's id of a run to continue. */
  readonly runId?: string | undefined
  readonly identity: Identity
  readonly keepSlashes: boolean
  readonly spoolDir: string
  readonly retry: RetryPolicy
}

/** Logging goes to a server. */
export interface ServerSettings extends ActiveParts {
  readonly target: 'server'
  /** Without credentials and without trailing slash: safe to print. */
  readonly trackingUri: string
  readonly credentials: Credentials | undefined
}

/** Logging goes to a folder in MLflow's own file format. */
export interface FileSettings extends ActiveParts {
  readonly target: 'file'
  /** The folder, as a `file:` URI. */
  readonly trackingUri: string
  /** The folder, absolute. */
  readonly path: string
  readonly credentials: undefined
}

/** Settings with a destination for the journal. */
export type RemoteSettings = ServerSettings | FileSettings

/** The parsed settings of a client. */
export type Settings = DisabledSettings | RemoteSettings

/** The four sources, strongest first. */
export interface ParsedSources {
  readonly call?: CallSettings
  readonly env?: Environment
  /** The training file's part about logging, if there is one. */
  readonly file?: LoggingFile | undefined
  /** The content of `~/.mlflow/credentials`. */
  readonly credentialsFile?: StoredCredentials
}

/** Merge call > environment > `logging:` block > credentials file > team defaults. Pure: reads no file, opens nothing. */
export function mergeSettings({ call = {}, env = {}, file, credentialsFile = {} }: ParsedSources): Settings {
  const { block, misspelled } = file ?? {}
  const warnings = misspelled === undefined ? [] : [notRead(misspelled)]
  const given = firstOf(call.trackingUri, env['MLFLOW_TRACKING_URI'], block?.mlflow_tracking_uri)
  const text = firstOf(given, call.defaults?.trackingUri, env['SOEN_DEFAULT_TRACKING_URI'])
  const said = call.active ?? flag(env['SOEN_ACTIVE']) ?? block?.mlflow_active
  // Naming a server turns logging on, and so does a block that mentions MLflow, where the server is known.
  if (!(said ?? (given !== undefined || (text !== undefined && isAboutMlflow(block))))) {
    if (said === undefined && isAboutMlflow(block)) warnings.push(noServerNamed())
    return { active: false, reason: whyDisabled(call, env, block, file !== undefined), ...some(warnings) }
  }

  if (text === undefined) {
    throw new ClientError({
      code: 'SOEN_TRACKING_URI_MISSING',
      message: 'Logging is active, but no tracking server is named.',
      hint: 'Set `mlflow_tracking_uri` in the `logging:` block, MLFLOW_TRACKING_URI, or the team default SOEN_DEFAULT_TRACKING_URI.',
    })
  }
  const identity = identityFrom(call, env, block)
  const parts: ActiveParts = {
    active: true,
    ...some(warnings),
    ...experimentFrom(call, env, block, identity),
    runId: firstOf(call.runId, env['MLFLOW_RUN_ID']),
    identity,
    keepSlashes: call.keepSlashes ?? flag(env['SOEN_KEEP_SLASHES']) ?? block?.keep_slashes ?? false,
    spoolDir: resolve(
      expandHome(
        firstOf(call.spoolDir, env['SOEN_SPOOL_DIR'], block?.spool_dir) ?? defaultSpoolDir(env),
        env,
      ),
    ),
    retry: retryPolicyFromEnv(env),
  }
  const path = parseStoreUri(expandHome(text, env))
  if (path !== undefined) {
    return { ...parts, target: 'file', path, trackingUri: toFileUri(path), credentials: undefined }
  }
  const server = parseTrackingUri(text)
  const credentials = credentialsFrom({
    call,
    env,
    block: block ?? {},
    file: credentialsFile,
    server,
    identity,
  })
  return { ...parts, target: 'server', trackingUri: server.uri, credentials }
}

/** Where journals are stored by default: not in a cache folder, which any program may empty. */
export function defaultSpoolDir(env: Environment): string {
  const state = firstOf(env['XDG_STATE_HOME'], env['LOCALAPPDATA']) ?? join(homedir(), '.local', 'state')
  return join(state, 'soen', 'spool')
}

function whyDisabled(
  call: CallSettings,
  env: Environment,
  block: LoggingBlock | undefined,
  hasFile: boolean,
): string {
  if (call.active === false || flag(env['SOEN_ACTIVE']) === false)
    return 'switched off by the caller or SOEN_ACTIVE'
  if (block?.mlflow_active === false) return '`logging.mlflow_active` is false'
  if (!hasFile) return 'no configuration file and no tracking URI'
  return isAboutMlflow(block)
    ? 'no tracking URI'
    : 'the configuration file has no `logging:` block for MLflow'
}

/** Whether the block mentions MLflow. */
function isAboutMlflow(block: LoggingBlock | undefined): boolean {
  return block !== undefined && Object.keys(block).some((key) => key.startsWith('mlflow_'))
}

function some(warnings: readonly ClientError[]): Pick<ActiveParts, 'warnings'> {
  return warnings.length === 0 ? {} : { warnings }
}

function notRead(block: string): ClientError {
  return new ClientError({
    code: 'SOEN_CONFIG_UNKNOWN_KEY',
    message: `The configuration has a block \`${block}:\`, which is not read.`,
    hint: 'Write `logging:` in small letters.',
  })
}

function noServerNamed(): ClientError {
  return new ClientError({
    code: 'SOEN_TRACKING_URI_MISSING',
    message: 'Nothing is logged: the `logging:` block speaks of MLflow, but names no tracking server.',
    hint: 'Set `mlflow_tracking_uri`, or `mlflow_active: false` to say that this is meant.',
  })
}

/** A name and an id from the same source must belong to one experiment; an id overrides a weaker source's name. */
function experimentFrom(
  call: CallSettings,
  env: Environment,
  block: LoggingBlock | undefined,
  { project }: Identity,
): Pick<ActiveParts, 'experiment' | 'experimentId'> {
  const experiment =
    firstOf(call.experiment, env['MLFLOW_EXPERIMENT_NAME'], block?.mlflow_experiment_name, project) ??
    'Default'
  if (firstOf(call.experiment, call.experimentId) !== undefined) {
    return {
      experiment,
      experimentId: firstOf(call.experiment) === undefined ? call.experimentId : undefined,
    }
  }
  // As in Python's client, the name wins where the environment gives both.
  const fromEnv =
    firstOf(env['MLFLOW_EXPERIMENT_NAME']) === undefined ? env['MLFLOW_EXPERIMENT_ID'] : undefined
  return { experiment, experimentId: firstOf(fromEnv) }
}

function credentialsFrom({
  call,
  env,
  block,
  file,
  server,
  identity,
}: {
  readonly call: CallSettings
  readonly env: Environment
  readonly block: LoggingBlock
  readonly file: StoredCredentials
  readonly server: ParsedTrackingUri
  readonly identity: Identity
}): Credentials | undefined {
  const basic = (password: string): Credentials => ({
    kind: 'basic',
    // The team's default name, else the user's own, else the one for a shared password, which is enough by itself. A
    // token identifies its owner.
    username:
      firstOf(
        call.username,
        env['MLFLOW_TRACKING_USERNAME'],
        block.mlflow_username,
        server.username,
        file.username,
        call.defaults?.username,
        env['SOEN_DEFAULT_USERNAME'],
        identity.member,
      ) ?? (password.startsWith('soen_') ? '' : 'admin'),
    password,
  })
  if (call.token) return { kind: 'bearer', token: call.token }
  if (call.password) return basic(call.password)
  // Python's client prefers user and password to a token when both are set.
  if (env['MLFLOW_TRACKING_PASSWORD']) return basic(env['MLFLOW_TRACKING_PASSWORD'])
  if (env['MLFLOW_TRACKING_TOKEN']) return { kind: 'bearer', token: env['MLFLOW_TRACKING_TOKEN'] }
  const password = firstOf(block.mlflow_password, server.password, file.password)
  if (password !== undefined) return basic(password)
  return file.token ? { kind: 'bearer', token: file.token } : undefined
}

function identityFrom(call: CallSettings, env: Environment, block: LoggingBlock | undefined): Identity {
  return {
    project: firstOf(call.project, env['SOEN_PROJECT'], block?.project),
    member: firstOf(call.member, env['SOEN_MEMBER'], block?.team_member),
    repeat: call.repeat ?? integer(env['SOEN_REPEAT']) ?? block?.repeat,
    seed: call.seed ?? integer(env['SOEN_SEED']) ?? block?.seed,
  }
}

function firstOf(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined && text !== '')
}

function flag(text: string | undefined): boolean | undefined {
  if (text === undefined || text === '') return undefined
  return !/^(0|false|no|off)$/i.test(text)
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined
}
