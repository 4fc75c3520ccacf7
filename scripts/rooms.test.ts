import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { namesIn, sourceFiles } from './import-graph.ts'

/** Which packages each package may depend on; one that is missing here does not exist yet. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  '@soen/settings': [],
  '@soen/mlflow-client': [],
  '@soen/auth-proxy': [],
  '@soen/relay': ['@soen/mlflow-client'],
  '@soen/mlflow-server': ['@soen/settings'],
  '@soen/host': ['@soen/settings', '@soen/mlflow-server'],
  '@soen/infra': ['@soen/settings', '@soen/host'],
  // The CLI starts the front door as a program and imports none of its code.
  '@soen/cli': [
    '@soen/settings',
    '@soen/mlflow-server',
    '@soen/host',
    '@soen/infra',
    '@soen/mlflow-client',
    '@soen/relay',
    '@soen/auth-proxy',
  ],
  '@soen/testbed': ['@soen/host', '@soen/mlflow-server'],
  '@soen/examples': ['@soen/mlflow-client'],
  '@soen/docs': ['@soen/settings', '@soen/mlflow-client', '@soen/infra', '@soen/cli'],
}

/** What tests may use in addition: real servers, and the error codes that the guide has to explain. */
const allowedInTests: Readonly<Record<string, readonly string[]>> = {
  '@soen/docs': ['@soen/auth-proxy', '@soen/host', '@soen/mlflow-server'],
}

type Dependencies = Readonly<Record<string, string>>

interface Manifest {
  readonly name: string
  readonly dependencies?: Dependencies
  readonly peerDependencies?: Dependencies
  readonly optionalDependencies?: Dependencies
  readonly devDependencies?: Dependencies
}

const rooms = globSync('{packages,apps}/*/package.json')
  .concat('docs/package.json', 'examples/package.json')
  .map((path) => [dirname(path), JSON.parse(readFileSync(path, 'utf8'))] as [string, Manifest])

/** The packages in a manifest's dependencies. */
function declaredBy({ dependencies, peerDependencies, optionalDependencies, devDependencies }: Manifest) {
  const atRunTime = siblingsIn({ ...dependencies, ...peerDependencies, ...optionalDependencies })
  return { atRunTime, inTests: [...atRunTime, ...siblingsIn(devDependencies ?? {})] }
}

function siblingsIn(dependencies: Dependencies): readonly string[] {
  return Object.keys(dependencies).filter((name) => name.startsWith('@soen/'))
}

const sourcesOf = (room: string): readonly string[] => sourceFiles(`${room}/**/*.{ts,mjs,astro,mdx}`)

const isTest = (file: string): boolean => /\.(test|bench)\.ts$|\/(test|testing)\//.test(file)

/** The specifiers of a file's imports. */
function importsOf(file: string): readonly string[] {
  return namesIn(readFileSync(file, 'utf8')).flatMap(({ specifier, isImport }) =>
    isImport ? [specifier] : [],
  )
}

test.each(rooms)('%s builds only on rooms below it', (_, manifest) => {
  const { name } = manifest
  expect(allowed).toHaveProperty([name])
  const mayUse = new Set(allowed[name])
  const mayUseInTests = new Set([...mayUse, ...(allowedInTests[name] ?? []), '@soen/testbed'])
  const { atRunTime, inTests } = declaredBy(manifest)
  expect(atRunTime.filter((it) => !mayUse.has(it))).toEqual([])
  expect(inTests.filter((it) => !mayUseInTests.has(it))).toEqual([])
})

test.each(rooms)('%s imports only rooms that it names, and none by its files', (room, manifest) => {
  const { atRunTime, inTests } = declaredBy(manifest)
  const wrong = sourcesOf(room).flatMap((file) => {
    const named = new Set([...(isTest(file) ? inTests : atRunTime), manifest.name])
    const isWrong = (specifier: string): boolean =>
      specifier.startsWith('.')
        ? relative(room, join(dirname(file), specifier)).startsWith('..')
        : specifier.startsWith('@soen/') && !named.has(specifier.split('/', 2).join('/'))
    return importsOf(file)
      .filter(isWrong)
      .map((specifier) => `${file}: ${specifier}`)
  })
  expect(wrong).toEqual([])
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
