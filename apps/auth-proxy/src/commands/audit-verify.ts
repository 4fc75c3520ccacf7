import type { Writable } from 'node:stream'
import { auditFolder } from '../audit/audit-settings.ts'
import { verifyAudit } from '../audit/verify.ts'
import type { Verdict } from '../audit/verify.ts'
import { openExistingStore } from '../store/open-store.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'

const options = {
  state: { type: 'string' },
  'audit-folder': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

const mostShown = 20

/** `audit verify --state STATE [--audit-folder FOLDER] [--json]`: whether the record is whole; 1 when it is not. */
export const auditVerify: Command = async (args, { stdout }) => {
  const { values } = readOptions(args, options)
  const state = required(values.state, 'state')
  await using store = await openExistingStore(state)
  const verdict = await verifyAudit(store.db, { folder: auditFolder(values['audit-folder'], state) })
  if (values.json) stdout.write(`${JSON.stringify(verdict)}\n`)
  else writeVerdict(verdict, stdout)
  return verdict.isIntact ? 0 : 1
}

function writeVerdict({ isIntact, flaws, notes, table, folder }: Verdict, stdout: Writable): void {
  const walked = [`${table.records} records in ${table.chains} chains of the table`]
  if (folder !== undefined)
    walked.push(`${folder.records} records in ${folder.files} files of ${folder.path}`)
  stdout.write(`${isIntact ? 'Intact' : 'BROKEN'}: ${walked.join(', ')}.\n`)
  for (const { place, message } of flaws.slice(0, mostShown)) stdout.write(`  ${place}: ${message}\n`)
  if (flaws.length > mostShown) stdout.write(`  … and ${flaws.length - mostShown} more.\n`)
  for (const note of notes) stdout.write(`  Note: ${note}\n`)
}
