import { text } from 'node:stream/consumers'
import { AuthProxyError, fieldsOf } from '../errors/auth-proxy-error.ts'
import { askAsOperator } from './as-operator.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'

const options = {
  state: { type: 'string' },
  'audit-folder': { type: 'string' },
  'audit-signatures': { type: 'string' },
} as const

/**
 * `api METHOD PATH --state STATE [--audit-folder FOLDER] [--audit-signatures FOLDER]`: calls the API below `/_soen/api/` directly on the
 * state, with a JSON body from stdin. Prints `{"status":200,"body":…}`, or `{"error":{…}}` where the call
 * could not be made; the exit code says whether it succeeded.
 */
export const api: Command = async (args, terminal) => {
  try {
    return await call(args, terminal)
  } catch (error) {
    if (error instanceof AuthProxyError)
      terminal.stdout.write(`${JSON.stringify({ error: fieldsOf(error) })}\n`)
    throw error
  }
}

const call: Command = async (args, { stdin, stdout, stderr }) => {
  const { values, positionals } = readOptions(args, options, ['METHOD', 'PATH'])
  const [method = '', target = ''] = positionals
  const { status, body } = await askAsOperator(
    { method, target, readBody: () => text(stdin) },
    {
      state: required(values.state, 'state'),
      auditFolder: values['audit-folder'],
      auditSignatures: values['audit-signatures'],
      stderr,
    },
  )
  stdout.write(`${JSON.stringify({ status, ...(body === '' ? {} : { body: JSON.parse(body) }) })}\n`)
  return status < 400 ? 0 : 1
}
