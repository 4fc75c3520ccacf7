import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { ClientError } from '../errors/client-error.ts'
import type { DeadLetter } from '../journal/records/record-kind.ts'
import { FILE_MODE } from '../node/json-file.ts'

/** Report rejected items, and keep them in a readable file. */
export function buryDeadLetters(
  folder: string,
  letters: readonly DeadLetter[],
  onWarn: (warning: ClientError) => void,
): void {
  const [first] = letters
  if (first === undefined) return
  const path = join(folder, 'dead.jsonl')
  const others = letters.length === 1 ? '' : ` (and ${letters.length - 1} more)`
  onWarn(
    new ClientError({
      code: 'SOEN_ITEM_REJECTED',
      message: `"${first.name}" was rejected${others}: ${first.reason}`,
      hint: `Everything else was delivered. The rejected items are in ${path}`,
    }),
  )
  try {
    appendFileSync(path, letters.map((letter) => `${JSON.stringify(letter)}\n`).join(''), { mode: FILE_MODE })
  } catch {
    // The disk refuses; only the warning remains.
  }
}
