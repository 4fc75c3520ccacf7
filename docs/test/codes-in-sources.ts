import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cliErrorPages } from '@soen/cli'
import { settingsErrorPages } from '@soen/settings'

/** The packages that export which page explains each of their codes. */
export const errorTables: readonly Readonly<Record<string, readonly string[]>>[] = [
  cliErrorPages,
  settingsErrorPages,
]

const packages = fileURLToPath(new URL('../../packages', import.meta.url))
/** Where an error gets its code: `code: 'SOEN_…'`, or a constant of that name. */
const givesCode = /\bcodes?\b[^=!]*[:=?]|^ {2}\| '/

/** Every code that the other packages give their errors, read from the sources. */
export function codesInSources(): ReadonlySet<string> {
  const files = globSync('{host,mlflow-server}/src/**/*.ts', {
    cwd: packages,
    exclude: ['**/*.test.ts', '**/testing/**'],
  })
  const lines = files.flatMap((file) => readFileSync(join(packages, file), 'utf8').split('\n'))
  const codes = lines
    .filter((line) => givesCode.test(line))
    .flatMap((line) => [...line.matchAll(/['"](SOEN_[A-Z0-9_]+)['"]/g)].map(([, code = '']) => code))
  return new Set(codes)
}
