import { InvalidArgumentError, Option } from 'commander'

/** Where the local platform lives. */
export function homeOption(): Option {
  return new Option(
    '--home <folder>',
    'Folder of the platform. Default: the nearest .soen, else your data folder.',
  ).env('SOEN_HOME')
}

/** The result for a program to read. */
export function jsonOption(): Option {
  return new Option('--json', 'Print the result as JSON.')
}

/** The examples at the end of a verb's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`
}

/** A TCP port, or 0 for any free one. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}

/** A whole number that is not negative. */
export function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 0) return count
  throw new InvalidArgumentError('A count is a whole number from 0.')
}
