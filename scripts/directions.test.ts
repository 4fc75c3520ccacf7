import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { importGraph, sourceFiles } from './import-graph.ts'

/**
 * The rooms inside of each package, from the top down: a file may import from its own room and from lower lines. A
 * room is a folder or a file of `src`.
 */
const directions: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'apps/auth-proxy': [
    ['main', 'index'],
    ['program'],
    ['commands'],
    ['server'],
    ['witness'],
    ['pages'],
    ['api'],
    ['operation'],
    ['actions'],
    ['settings'],
    ['forward'],
    ['rewrite'],
    ['destination'],
    ['audit'],
    ['decide'],
    ['canonical'],
    ['routes'],
    ['identity'],
    ['store'],
    ['log'],
    ['http'],
    ['errors'],
  ],
  'packages/cli': [
    ['main', 'index'],
    ['program'],
    ['verbs'],
    ['people', 'trainings', 'server'],
    ['local'],
    ['auth-proxy'],
    ['roads'],
    ['payload', 'targets'],
    ['output'],
    ['errors', 'until', 'system-user', 'version'],
  ],
  'packages/mlflow-client': [
    ['index'],
    ['integrations'],
    ['training'],
    ['media', 'models', 'read'],
    ['tensorboard'],
    ['run'],
    ['system-metrics'],
    ['delivery'],
    ['local-store'],
    ['names'],
    ['journal'],
    ['artifacts'],
    ['rest'],
    ['settings'],
    ['errors'],
    ['node'],
  ],
  'packages/host': [
    ['main', 'index'],
    ['on-host'],
    ['plan'],
    [
      'auth-proxy-service',
      'caddy',
      'carried-files',
      'credentials',
      'dns',
      'firewall',
      'mlflow-service',
      'postgres',
    ],
    ['system', 'service', 'refuse-unfit', 'maintenance-page'],
    ['distributions', 'sizing', 'apply-plan'],
    ['resources'],
    ['machine'],
    ['payload', 'server-target', 'hardening'],
    ['systemd-unit'],
    ['layout', 'errors', 'until', 'all-of'],
  ],
  'packages/relay': [
    ['index'],
    ['run-program'],
    ['console-log', 'child-environment', 'job-tags'],
    ['relay'],
    ['tracking-routes', 'artifact-requests', 'pass-through'],
    ['list-artifacts', 'send-json'],
    ['relayed-runs'],
    ['relayed-run'],
    ['upstream', 'run-view', 'validate', 'other-ids', 'offline-experiments', 'credentials'],
  ],
  'packages/mlflow-server': [
    ['index'],
    ['ensure-mlflow', 'check-storage'],
    ['python-environment', 'mlflow-profile'],
    ['process', 'folders', 'launcher-words', 'locked-requirements'],
    ['errors'],
  ],
}

interface Import {
  readonly from: string
  readonly to: string
}

const isTest = (file: string): boolean => /\.(test|bench)\.ts$|\/testing\//.test(file)

const roomOf = (file: string, path: string): string =>
  file.slice(`${path}/src/`.length).split('/')[0]?.replace(/\.ts$/, '') ?? ''

/** Imports between the sources of a package, including type-only ones; tests may import from anywhere in it. */
function importsWithin(path: string): readonly Import[] {
  const files = sourceFiles(`${path}/src/**/*.ts`).filter((file) => !isTest(file))
  return [...importGraph(files, { isImportsOnly: true })].flatMap(([from, used]) =>
    used.filter((to) => to.startsWith(`${path}/src/`)).map((to) => ({ from, to })),
  )
}

test.each(Object.entries(directions))('%s imports only from rooms below', (path, levels) => {
  const imports = importsWithin(path)
  const levelOf = (file: string): number => levels.findIndex((rooms) => rooms.includes(roomOf(file, path)))
  const rooms = new Set(imports.flatMap(({ from, to }) => [roomOf(from, path), roomOf(to, path)]))
  expect([...rooms].filter((room) => !levels.flat().includes(room))).toEqual([])
  const upward = imports.filter(
    ({ from, to }) => roomOf(from, path) !== roomOf(to, path) && levelOf(from) >= levelOf(to),
  )
  expect(upward.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
})

test.each(globSync('{packages,apps}/*'))('no file of %s imports itself by way of others', (path) => {
  const uses = Map.groupBy(importsWithin(path), ({ from }) => from)
  const circles = [...uses.keys()].filter((file) => reaches(file, file, uses))
  expect(circles).toEqual([])
})

function reaches(from: string, goal: string, uses: ReadonlyMap<string, readonly Import[]>): boolean {
  const found = new Set<string>()
  const next = (file: string): readonly string[] => (uses.get(file) ?? []).map(({ to }) => to)
  const waiting = [...next(from)]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (file === goal) return true
    if (found.has(file)) continue
    found.add(file)
    waiting.push(...next(file))
  }
  return false
}
