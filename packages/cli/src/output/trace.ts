import { visibleText } from './visible-text.ts'

/** Prints what a verb does internally, with `--verbose`; must never contain a secret. */
export function trace(words: string): void {
  if (process.env['SOEN_DEBUG']) process.stderr.write(`· ${visibleText(words)}\n`)
}
