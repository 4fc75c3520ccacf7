import { signHeads } from '../audit/signatures.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'

const options = { 'audit-folder': { type: 'string' }, signatures: { type: 'string' } } as const

/** `audit sign --audit-folder FOLDER --signatures FOLDER`: signs the head of each chain that has grown. */
export const auditSign: Command = async (args, { stdout }) => {
  const { values } = readOptions(args, options)
  const folder = required(values['audit-folder'], 'audit-folder')
  const count = await signHeads(folder, required(values.signatures, 'signatures'))
  stdout.write(`Signed the heads of ${count} chains.\n`)
  return 0
}
