import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { FILE_MODE } from '../node/json-file.ts'

/** Something the server will never take. */
export interface DeadLetter {
  readonly kind: 'metrics' | 'params' | 'tags' | 'input' | 'artifact'
  readonly name: string
  readonly reason: string
  /** The item as it would have been sent. */
  readonly item: unknown
}

/** Keep what was rejected where a person can read it. */
export function buryDeadLetters(folder: string, letters: readonly DeadLetter[]): void {
  if (letters.length === 0) return
  const text = letters.map((letter) => `${JSON.stringify(letter)}\n`).join('')
  appendFileSync(join(folder, 'dead.jsonl'), text, { mode: FILE_MODE })
}
