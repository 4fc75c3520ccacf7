import { auditFolder } from '../audit/audit-settings.ts'
import { verifyAudit } from '../audit/verify.ts'
import type { Verdict } from '../audit/verify.ts'
import { visibleText } from '../log/visible-text.ts'
import { openExistingStore } from '../store/open-store.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'

const options = {
  state: { type: 'string' },
  'audit-folder': { type: 'string' },
  'audit-signatures': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

const mostShown = 20

/**
 * `audit verify --state STATE [--audit-folder FOLDER] [--audit-signatures FOLDER] [--json]`: checks that the records are complete and
 * unaltered; exit code 1 when they are not.
 */
export const auditVerify: Command = async (args, { stdout }) => {
  const { values } = readOptions(args, options)
  const state = required(values.state, 'state')
  await using store = await openExistingStore(state)
  const verdict = await verifyAudit(store.db, {
    folder: auditFolder(values['audit-folder'], state),
    signatures: values['audit-signatures'],
  })
  const shown = values.json ? `${JSON.stringify(verdict)}\n` : linesOf(verdict)
  stdout.write(visibleText(shown))
  return verdict.isIntact ? 0 : 1
}

function linesOf({ isIntact, flaws, notes, table, folder, signed }: Verdict): string {
  const walked = [`${table.records} records in ${table.chains} chains of the table`]
  if (folder !== undefined)
    walked.push(`${folder.records} records in ${folder.files} files of ${folder.path}`)
  const lines = [
    `${isIntact ? 'Intact' : 'BROKEN'}: ${walked.join(', ')}.`,
    ...flaws.slice(0, mostShown).map(({ place, message }) => `  ${place}: ${message}`),
    ...(flaws.length > mostShown ? [`  … and ${flaws.length - mostShown} more.`] : []),
    ...(signed === undefined ? [] : [`  Signed until ${signed.until}.`]),
    ...notes.map((note) => `  Note: ${note}`),
  ]
  return `${lines.join('\n')}\n`
}
