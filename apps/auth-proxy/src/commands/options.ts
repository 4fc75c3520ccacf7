import { parseArgs } from 'node:util'
import type { ParseArgsOptionsConfig } from 'node:util'
import { UsageError } from '../errors/auth-proxy-error.ts'

type Parsed<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: Options; allowPositionals: true }>
>

/** Parses a command's arguments; unknown or incomplete ones are a usage error. */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  positionals: readonly string[] = [],
): Parsed<Options> {
  const parsed = tryParse(args, options)
  if (parsed.positionals.length !== positionals.length) {
    const expected = positionals.length === 0 ? 'no argument' : positionals.join(' ')
    throw wrongUse(`Expected ${expected}, got ${JSON.stringify(parsed.positionals)}.`)
  }
  return parsed
}

/** The value of a required option. */
export function required(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw wrongUse(`--${option} is missing.`)
  return value
}

/** An error in how the program was called. */
export function wrongUse(message: string, cause?: unknown): UsageError {
  return new UsageError({
    code: 'SOEN_WRONG_USE',
    message,
    hint: 'soen-auth-proxy --help shows every command.',
    cause,
  })
}

function tryParse<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
): Parsed<Options> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (cause) {
    throw wrongUse(cause instanceof Error ? cause.message : String(cause), cause)
  }
}
