import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '..')
const { exports, dependencies }: { exports: Record<string, string>; dependencies?: object } = JSON.parse(
  readFileSync(join(folder, 'package.json'), 'utf8'),
)

test.each(Object.entries(exports))('%s is loaded by require as well as by import', (_, path) => {
  const entry = JSON.stringify(join(folder, path))
  const program = `const required = require(${entry})
import(${entry}).then((imported) => process.stdout.write(String(Object.keys(required).length > 0 && required === imported)))`
  const told = execFileSync(process.execPath, ['--input-type=commonjs', '--eval', program], {
    encoding: 'utf8',
  })
  expect(told).toBe('true')
})

test('nothing else is needed at run time', () => {
  expect(dependencies).toBeUndefined()
})
