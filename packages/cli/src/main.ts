#!/usr/bin/env node
import { CommanderError } from '@commander-js/extra-typings'
import { Cancelled } from './errors.ts'
import { createTerminal } from './output/terminal.ts'
import { buildProgram } from './program.ts'

/** Exit codes: 0 ok, 1 failed, 2 wrong use, 130 left at a question. */
try {
  await buildProgram().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong, or shown the help that was asked for.
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else {
    createTerminal({ isJson: process.argv.includes('--json') }).error(error)
    process.exitCode = error instanceof Cancelled ? 130 : 1
  }
}
