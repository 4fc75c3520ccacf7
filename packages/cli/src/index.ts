export { buildProgram, type ProgramOptions } from './program.ts'
