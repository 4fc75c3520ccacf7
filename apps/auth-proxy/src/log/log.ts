import { hostname } from 'node:os'

/** The log levels, the most severe first; at `info` every request has a line. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const

/** A log level. */
export type LogLevel = (typeof logLevels)[number]

/** The fields of a line beside its message; `err` is the error thrown. */
export interface LogFields {
  readonly err?: unknown
  readonly [name: string]: unknown
}

/** Pino's numbers, which every log viewer knows. */
const numbers: Readonly<Record<LogLevel, number>> = { error: 50, warn: 40, info: 30, debug: 20 }
const origin = `"pid":${process.pid},"hostname":${JSON.stringify(hostname())}`

/** Writes JSON lines, or nothing where there is no output. */
export class Log {
  level: LogLevel = 'info'
  readonly #lines: { write(line: string): void } | undefined

  constructor(lines?: { write(line: string): void }) {
    this.#lines = lines
  }

  error(message: string, fields: LogFields = {}): void {
    this.#write('error', message, fields)
  }

  warn(message: string, fields: LogFields = {}): void {
    this.#write('warn', message, fields)
  }

  info(message: string, fields: LogFields = {}): void {
    this.#write('info', message, fields)
  }

  #write(level: LogLevel, message: string, fields: LogFields): void {
    if (this.#lines === undefined || numbers[level] < numbers[this.level]) return
    const said = JSON.stringify(fields.err === undefined ? fields : { ...fields, err: describe(fields.err) })
    const inner = said === '{}' ? '' : `,${said.slice(1, -1)}`
    // Concatenated by hand: a line per request is most of the log.
    this.#lines.write(
      `{"level":${numbers[level]},"time":${Date.now()},${origin}${inner},"msg":${JSON.stringify(message)}}\n`,
    )
  }
}

const plainTypes: ReadonlySet<string> = new Set(['string', 'number', 'boolean'])
/** An error may be its own cause. */
const maxDepth = 5

/** An error with its plain properties, such as a code, and its causes. */
function describe(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error) || depth > maxDepth) return String(error)
  const plain = Object.entries(error).filter(([, value]) => plainTypes.has(typeof value))
  const { message, stack, cause } = error
  const inner = (one: unknown): unknown => describe(one, depth + 1)
  return {
    ...Object.fromEntries(plain),
    type: error.constructor.name,
    message,
    stack,
    ...(error instanceof AggregateError ? { errors: error.errors.map(inner) } : {}),
    ...(cause === undefined ? {} : { cause: inner(cause) }),
  }
}
