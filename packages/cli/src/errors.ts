/** The pages of the documentation's folder `troubleshooting`, each with the codes that have a section there. */
export const cliErrorPages = {
  terminal: [
    'SOEN_NOT_SIGNED_IN',
    'SOEN_USER_MISSING',
    'SOEN_SECRET_MISSING',
    'SOEN_NO_TERMINAL',
    'SOEN_CANCELLED',
    'SOEN_SERVER_URL_INVALID',
    'SOEN_SERVER_NOT_ENCRYPTED',
    'SOEN_NOT_A_FRONT_DOOR',
    'SOEN_SERVER_UNREACHABLE',
    'SOEN_TLS_FAILED',
    'SOEN_LOGINS_UNREADABLE',
    'SOEN_TOKEN_NOT_REVOKED',
    'SOEN_NO_SERVER',
    'SOEN_PROGRAM_NOT_STARTED',
    'SOEN_NO_SETTINGS',
    'SOEN_SETTINGS_EXIST',
    'SOEN_ANSWERS_UNFIT',
    'SOEN_TARGET_NOT_SSH',
    'SOEN_TARGET_NOT_LOCAL',
    'SOEN_FILE_REFUSED',
    'SOEN_UNEXPECTED',
  ],
  local: [
    'SOEN_ALREADY_RUNNING',
    'SOEN_NOTHING_RUNS',
    'SOEN_PORT_BUSY',
    'SOEN_PORT_REFUSED',
    'SOEN_MLFLOW_FAILED',
    'SOEN_FRONT_DOOR_FAILED',
    'SOEN_STOP_TIMEOUT',
    'SOEN_NO_LOGS',
    'SOEN_EXAMPLE_FAILED',
    'SOEN_BAD_DATABASE_URL',
    'SOEN_PASSWORD_ON_COMMAND_LINE',
    'SOEN_DISK_FULL',
    'SOEN_REGISTRY_UNREACHABLE',
    'SOEN_PACKAGE_HASH_MISMATCH',
  ],
  'server-access': [
    'SOEN_SSH_MISSING',
    'SOEN_SSH_NO_DNS',
    'SOEN_SSH_UNREACHABLE',
    'SOEN_SSH_TIMED_OUT',
    'SOEN_SSH_REFUSED',
    'SOEN_SSH_DENIED',
    'SOEN_SSH_HOST_KEY_UNKNOWN',
    'SOEN_SSH_HOST_KEY_CHANGED',
    'SOEN_SSH_JUMP_DENIED',
    'SOEN_SSH_JUMP_FORBIDS',
    'SOEN_SSH_JUMP_CANNOT_REACH',
    'SOEN_SSH_LOST',
    'SOEN_SSH_FAILED',
    'SOEN_NO_SUDO',
    'SOEN_SUDO_PASSWORD_NEEDED',
    'SOEN_SUDO_PASSWORD_WRONG',
    'SOEN_HOST_NOT_LINUX',
    'SOEN_HOST_ARCHITECTURE',
    'SOEN_HOST_NO_SYSTEMD',
    'SOEN_HOST_PYTHON_MISSING',
    'SOEN_HOST_PYTHON_TOO_OLD',
  ],
  server: [
    'SOEN_NOT_DEPLOYED',
    'SOEN_OFFLINE_BUNDLE',
    'SOEN_DISK_FULL',
    'SOEN_READ_ONLY_ROOT',
    'SOEN_PAYLOAD_DAMAGED',
    'SOEN_PAYLOAD_REFUSED',
    'SOEN_NOT_ON_ALLOW_LIST',
    'SOEN_OWN_ADDRESS_UNKNOWN',
    'SOEN_TIME_SPAN_INVALID',
  ],
} as const

type Page = keyof typeof cliErrorPages

/** Every error code of the CLI itself. */
export type CliErrorCode = (typeof cliErrorPages)[Page][number]

/** The parts of an error besides its message. */
export interface CliErrorDetails {
  readonly code: CliErrorCode
  /** What to do about it. */
  readonly hint: string
  /** Which page explains it, where two do: on a machine that isn't one's own, other things help. */
  readonly page?: Page | undefined
  readonly cause?: unknown
}

/** An error of the CLI, with a stable code and a hint. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: CliErrorCode
  readonly hint: string
  /** Page and heading of the documentation, relative to its root. */
  readonly docs: string

  constructor(message: string, { code, hint, page, cause }: CliErrorDetails) {
    super(message, { cause })
    this.code = code
    this.hint = hint
    this.docs = docsOf(code, page)
  }
}

/** The user aborted at a question: not a failure, but nothing was done. */
export class Cancelled extends CliError {
  constructor(cause: unknown) {
    super('Nothing was changed.', {
      code: 'SOEN_CANCELLED',
      hint: 'Run it again when you are ready.',
      cause,
    })
  }
}

/** An error as another program of the kit reports it, in JSON. */
export interface ToldError {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly docs?: string
  /** The messages of its causes, outermost first. */
  readonly causes?: readonly string[]
}

/** An error in another program of the kit: the front door, or the program on a server's machine. */
export class RelayedError extends Error {
  override readonly name = 'RelayedError'
  readonly code: string
  readonly hint: string | undefined
  readonly docs: string | undefined

  constructor({ code, message, hint, docs, causes = [] }: ToldError) {
    const cause = causes.reduceRight<Error | undefined>(
      (inner, words) => new Error(words, inner === undefined ? undefined : { cause: inner }),
      undefined,
    )
    super(message, { cause })
    this.code = code
    this.hint = hint
    this.docs = docs
  }
}

/** Whether this is an error with one of these codes from another program of the kit. */
export function isRelayed(error: unknown, ...codes: readonly string[]): error is RelayedError {
  return error instanceof RelayedError && codes.includes(error.code)
}

/** An error in the form that is shown to people or programs. */
export interface Explained {
  readonly code: string
  readonly message: string
  readonly hint: string | undefined
  /** Page and heading of the documentation, relative to its root. */
  readonly docs: string | undefined
  /** The messages of its causes, outermost first. */
  readonly causes: readonly string[]
}

/** Explains any error. Every error of the kit has a code and a hint; one without them is a bug of ours. */
export function explain(error: unknown): Explained {
  const { message, causes } = chain(error)
  const code = text(error, 'code')
  if (code?.startsWith('SOEN_')) {
    const others = otherProblems(error)
    return {
      code,
      message,
      hint: text(error, 'hint'),
      docs: text(error, 'docs'),
      causes: [...others, ...causes],
    }
  }
  const refused = fileRefused(error)
  if (refused !== undefined) return explain(refused)
  const unexpected = 'SOEN_UNEXPECTED'
  const hint = 'Run it again with --verbose and report what it prints.'
  return { code: unexpected, message, hint, docs: docsOf(unexpected), causes }
}

const fileReasons: Readonly<Record<string, string>> = {
  EACCES: 'this account may not',
  EPERM: 'this account may not',
  EROFS: 'its disk can only be read',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such folder or file',
  ENOSPC: 'its disk is full',
  EDQUOT: 'its disk is full for this account',
}

/** Names the system's refusal of a file or folder that the user chose, whichever verb wanted it. */
function fileRefused(cause: unknown): CliError | undefined {
  if (!(cause instanceof Error)) return undefined
  const path: unknown = Reflect.get(cause, 'path')
  const reason = fileReasons[text(cause, 'code') ?? '']
  if (
    typeof path !== 'string' ||
    reason === undefined ||
    String(Reflect.get(cause, 'syscall')).startsWith('spawn')
  )
    return undefined
  return new CliError(`${path} can not be used: ${reason}.`, {
    code: 'SOEN_FILE_REFUSED',
    hint: 'Choose another place, or mend this one: ls -ld shows whose it is, df -h how full.',
    cause,
  })
}

/** The further problems of the same settings file, so that all can be fixed at once. */
function otherProblems(error: unknown): readonly string[] {
  const problems: unknown = error instanceof Error ? Reflect.get(error, 'problems') : undefined
  return Array.isArray(problems) ? problems.slice(1).map((it) => String(Object(it).message)) : []
}

function docsOf(code: CliErrorCode, page?: Page): string {
  const first = Object.entries(cliErrorPages).find(([, codes]) => codes.some((it) => it === code))?.[0]
  return `/troubleshooting/${page ?? first}/#${code.toLowerCase()}`
}

function chain(error: unknown): { message: string; causes: readonly string[] } {
  if (!(error instanceof Error)) return { message: String(error), causes: [] }
  if (error.cause === undefined) return { message: error.message, causes: [] }
  const inner = chain(error.cause)
  return { message: error.message, causes: [inner.message, ...inner.causes] }
}

function text(error: unknown, key: 'code' | 'hint' | 'docs'): string | undefined {
  if (!(error instanceof Error)) return undefined
  const value: unknown = Reflect.get(error, key)
  return typeof value === 'string' ? value : undefined
}
