#!/usr/bin/env node
import { CommanderError } from '@commander-js/extra-typings'
import { Cancelled } from './errors.ts'
import { findVerb, helpRequest } from './output/help-request.ts'
import { createTerminal } from './output/terminal.ts'
import { buildProgram } from './program.ts'

// The reader may stop early, as in `soen logs | head -1`: that is no error. Notes on stderr may be lost as well.
process.stdout.on('error', (error) => endWhereNobodyReads(error, () => process.exit()))
process.stderr.on('error', (error) => endWhereNobodyReads(error, () => {}))

/** Exit codes: 0 success, 1 failure, 2 wrong use, 130 aborted at a question. */
try {
  await run(process.argv.slice(2))
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed what is wrong, or the help that was asked for.
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else {
    createTerminal({ isJson: process.argv.includes('--json') }).error(error)
    process.exitCode = error instanceof Cancelled ? 130 : 1
  }
}

async function run(words: readonly string[]): Promise<void> {
  const program = buildProgram()
  const helped = helpRequest(words)
  const verb = helped && findVerb(program, helped)
  if (verb !== undefined) return verb.outputHelp()
  // Outside of a request for help, an unknown verb is wrong use and gets a suggestion.
  await program.parseAsync([...(helped ?? words)], { from: 'user' })
}

function endWhereNobodyReads(error: NodeJS.ErrnoException, end: () => void): void {
  if (error.code !== 'EPIPE') throw error
  end()
}
