import { hostErrorPages } from '@soen/host'
import { mlflowServerErrorPages } from '@soen/mlflow-server'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

type ErrorPages = Readonly<Record<string, readonly string[]>>

/** Each room's own table: the pages of `troubleshooting/`, with the codes that have a section there. */
export const errorTables: readonly ErrorPages[] = [hostErrorPages, mlflowServerErrorPages]

const packages = fileURLToPath(new URL('../../packages', import.meta.url))
/** Where an error gets its code: `code: 'SOEN_…'`, a constant of that name, or the first argument of Python's. */
const givesCode = /\bcodes?\b[^=!]*[:=?]|Refused\(|^ {2}\| '/

/** Every code that `soen`, the program on the machine and the settings give their errors. */
export function codesInSources(): ReadonlySet<string> {
  const files = globSync(['{cli,settings}/src/**/*.ts', 'cli/delivery/*.py'], {
    cwd: packages,
    exclude: ['**/*.test.ts', '**/testing/**'],
  })
  const lines = files.flatMap((file) => readFileSync(join(packages, file), 'utf8').split('\n'))
  const codes = lines
    .filter((line) => givesCode.test(line))
    .flatMap((line) => [...line.matchAll(/['"](SOEN_[A-Z0-9_]+)['"]/g)].map(([, code = '']) => code))
  return new Set([...codes, ...errorTables.flatMap((pages) => Object.values(pages).flat())])
}
