export { cliErrorPages, type CliErrorCode } from './errors.ts'
export { buildProgram, type ProgramOptions } from './program.ts'
