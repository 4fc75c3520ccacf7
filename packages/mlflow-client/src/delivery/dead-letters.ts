import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DeadLetter } from '../journal/records/record-kind.ts'
import { FILE_MODE } from '../node/json-file.ts'

/** Keep what was rejected where a person can read it. */
export function buryDeadLetters(folder: string, letters: readonly DeadLetter[]): void {
  if (letters.length === 0) return
  const text = letters.map((letter) => `${JSON.stringify(letter)}\n`).join('')
  appendFileSync(join(folder, 'dead.jsonl'), text, { mode: FILE_MODE })
}
