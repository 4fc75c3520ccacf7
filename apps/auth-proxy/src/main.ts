#!/usr/bin/env node
import { keepYoungMemorySmall } from './young-memory.ts'

keepYoungMemorySmall()
// Loaded only now: loading alone lets the memory grow.
const { runProgram } = await import('./program.ts')
process.exitCode = await runProgram(process.argv.slice(2), process)
