#!/usr/bin/env node
import { CommanderError } from '@commander-js/extra-typings'
import { Cancelled } from './errors.ts'
import { findVerb, helpRequest } from './output/help-request.ts'
import { createTerminal } from './output/terminal.ts'
import { buildProgram } from './program.ts'

// Whoever reads has enough: `soen logs | head -1`. What is only told beside the result may go unheard.
process.stdout.on('error', (error) => endWhereNobodyReads(error, () => process.exit()))
process.stderr.on('error', (error) => endWhereNobodyReads(error, () => {}))

/** Exit codes: 0 ok, 1 failed, 2 wrong use, 130 left at a question. */
try {
  await run(process.argv.slice(2))
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong, or shown the help that was asked for.
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
  // Without the wish for help, a word that is no verb is wrong use, and gets a suggestion.
  await program.parseAsync([...(helped ?? words)], { from: 'user' })
}

function endWhereNobodyReads(error: NodeJS.ErrnoException, end: () => void): void {
  if (error.code !== 'EPIPE') throw error
  end()
}
