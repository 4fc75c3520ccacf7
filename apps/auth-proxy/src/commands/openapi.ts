import { openApiDocument } from '../api/openapi.ts'
import type { Command } from './command.ts'
import { readOptions } from './options.ts'

/** `openapi`: prints the API's OpenAPI document, from which the file openapi.json is made. */
export const openapi: Command = async (args, { stdout }) => {
  readOptions(args, {})
  stdout.write(`${JSON.stringify(openApiDocument(), undefined, 2)}\n`)
  return 0
}
