import { visibleText } from './visible-text.ts'

/** What happens behind a verb, for whoever asked by `--verbose`; never with a secret in it. */
export function trace(words: string): void {
  if (process.env['SOEN_DEBUG']) process.stderr.write(`· ${visibleText(words)}\n`)
}
