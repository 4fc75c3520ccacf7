import { hostname } from 'node:os'

/** How much is logged, the gravest first: with `info` a line for each request. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const

/** One of them. */
export type LogLevel = (typeof logLevels)[number]

/** What a line says beside its sentence; `err` is what was thrown. */
export interface LogFields {
  readonly err?: unknown
  readonly [name: string]: unknown
}

/** As pino numbers them, whose lines every log reader knows. */
const numbers: Readonly<Record<LogLevel, number>> = { error: 50, warn: 40, info: 30, debug: 20 }
const origin = `"pid":${process.pid},"hostname":${JSON.stringify(hostname())}`

/** Writes JSON lines, or nothing where nobody takes them. */
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
    // Put together by hand: a line for each request is most of what is logged.
    this.#lines.write(
      `{"level":${numbers[level]},"time":${Date.now()},${origin}${inner},"msg":${JSON.stringify(message)}}\n`,
    )
  }
}

const plainTypes: ReadonlySet<string> = new Set(['string', 'number', 'boolean'])
/** An error may be its own cause. */
const maxDepth = 5

/** An error with its plain properties, such as a code, and with what caused it. */
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
