import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Which room may build on which; a room that is not here does not exist yet. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  '@soen/settings': [],
  '@soen/mlflow-client': [],
  '@soen/auth-proxy': [],
  '@soen/host': ['@soen/settings'],
  '@soen/infra': ['@soen/settings', '@soen/host'],
  // The front door is a program that the terminal starts: none of its code is imported.
  '@soen/cli': ['@soen/settings', '@soen/host', '@soen/infra', '@soen/mlflow-client', '@soen/auth-proxy'],
  '@soen/testbed': ['@soen/host'],
  '@soen/examples': ['@soen/mlflow-client'],
  '@soen/docs': ['@soen/settings', '@soen/mlflow-client', '@soen/infra', '@soen/cli'],
}

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
}

const rooms = globSync('{packages,apps}/*/package.json').concat('docs/package.json', 'examples/package.json')

test.each(rooms.map((path) => [path]))('%s builds only on rooms below it', (path) => {
  const { name, dependencies = {} }: Manifest = JSON.parse(readFileSync(path, 'utf8'))
  const siblings = Object.keys(dependencies).filter((it) => it.startsWith('@soen/'))
  expect(allowed).toHaveProperty([name])
  expect(siblings.filter((it) => !allowed[name]?.includes(it))).toEqual([])
})

test('the logging SDK has no dependency at run time', () => {
  const { dependencies }: Manifest = JSON.parse(readFileSync('packages/mlflow-client/package.json', 'utf8'))
  expect(dependencies).toBeUndefined()
})

test('the terminal imports nothing of the front door', () => {
  const importers = globSync('packages/cli/src/**/*.ts').filter((path) =>
    /from '@soen\/auth-proxy|import\('@soen\/auth-proxy/.test(readFileSync(path, 'utf8')),
  )
  expect(importers).toEqual([])
})
