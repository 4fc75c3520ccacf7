/** What went wrong at the terminal, with its stable name and the next step. */
export class CliError extends Error {
  readonly code: string
  readonly hint: string | undefined

  constructor(message: string, { code, hint, cause }: { code: string; hint?: string; cause?: unknown }) {
    super(message, { cause })
    this.name = 'CliError'
    this.code = code
    this.hint = hint
  }
}

/** An error as a terminal or a program shows it. */
export interface Explained {
  readonly code: string
  readonly message: string
  readonly hint: string | undefined
  /** Each cause in turn, outermost first. */
  readonly causes: readonly string[]
}

/** Every error of the kit carries a code and a hint; one that does not is a mistake of ours. */
export function explain(error: unknown): Explained {
  const { message, causes } = chain(error)
  const code = text(error, 'code')?.startsWith('SOEN_') === true ? text(error, 'code') : undefined
  if (code === undefined) {
    return {
      code: 'SOEN_UNEXPECTED',
      message,
      causes,
      hint: 'Run it again with SOEN_DEBUG=1 and report what it prints.',
    }
  }
  return { code, message, causes, hint: text(error, 'hint') }
}

function chain(error: unknown): { message: string; causes: readonly string[] } {
  if (!(error instanceof Error)) return { message: String(error), causes: [] }
  if (error.cause === undefined) return { message: error.message, causes: [] }
  const inner = chain(error.cause)
  return { message: error.message, causes: [inner.message, ...inner.causes] }
}

function text(error: unknown, key: 'code' | 'hint'): string | undefined {
  if (!(error instanceof Error)) return undefined
  const value: unknown = Reflect.get(error, key)
  return typeof value === 'string' ? value : undefined
}
