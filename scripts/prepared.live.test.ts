import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, globSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processesThatName, runOnSmallDisk, temporaryFolder, waitUntil } from '@soen/testbed'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** A checkout with nothing but its preparation scripts, and an empty cache. */
function newCheckout() {
  const folder = temporaryFolder('checkout')
  const root = join(folder.path, 'checkout')
  const cache = join(folder.path, 'cache')
  mkdirSync(cache)
  for (const part of ['prepared.mjs', 'prepare', 'toolchain']) {
    cpSync(`scripts/${part}`, join(root, 'scripts', part), { recursive: true })
  }
  writeFileSync(join(root, 'package.json'), '{ "name": "fresh", "private": true }')
  writeFileSync(join(root, 'pnpm-workspace.yaml'), 'packages: []\n')
  writeFileSync(join(root, 'pnpm-lock.yaml'), "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n")
  // Whatever pnpm runs the tests, the checkout finds none that works.
  const bin = join(folder.path, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'pnpm'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  const env = {
    ...process.env,
    SOEN_CACHE_DIR: cache,
    PATH: `${bin}:${process.env['PATH']}`,
    npm_config_fetch_retries: '0',
  }
  const command = [
    process.execPath,
    join(root, 'scripts/prepared.mjs'),
    'sh',
    '-c',
    'node --version; pnpm --version',
  ]
  const run = (more: Record<string, string> = {}) =>
    spawnSync(command[0] ?? '', command.slice(1), { cwd: root, env: { ...env, ...more }, encoding: 'utf8' })
  return { folder, cache, env, command, run, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

const closedPort = { npm_config_registry: 'http://127.0.0.1:9/' }
const prepared = /^v24\.\d+\.\d+\n12\.\d+\.\d+\n$/

test('says in one sentence that the registry does not answer, and goes on when it does', () => {
  using checkout = newCheckout()
  const failed = checkout.run(closedPort)
  expect(failed.status).toBe(1)
  expect(failed.stderr).toContain(
    '✗ Fetching Node 24 and pnpm 12 failed: the npm registry does not answer.\n  → ',
  )
  expect(readdirSync(join(checkout.cache, 'toolchain'))).toEqual([])

  const again = checkout.run()
  expect(again.stdout).toMatch(prepared)
  expect(again.status).toBe(0)
})

test('recovers by itself from a first start that was killed', async () => {
  using checkout = newCheckout()
  const [program = '', ...args] = checkout.command
  const first = spawn(program, args, { env: checkout.env, stdio: 'ignore' })
  const started = (): string[] => processesThatName(`SOEN_CACHE_DIR=${checkout.cache}`)
  const site = join(checkout.cache, 'toolchain', `*.${first.pid}-*.partial`)
  await waitUntil(() => globSync(join(site, 'npm')).length > 0, { what: "npm's own cache" })
  // Only that process, as by `kill`: npm is a process of its own.
  first.kill('SIGKILL')
  await once(first, 'exit')
  await waitUntil(() => started().length === 0, { what: 'the end of npm' })
  expect(readdirSync(join(checkout.cache, 'toolchain'))).toEqual([expect.stringMatching(/\.partial$/)])

  expect(checkout.run().stdout).toMatch(prepared)
  expect(readdirSync(join(checkout.cache, 'toolchain'))).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)])
})

test('says that the disk is full', () => {
  using checkout = newCheckout()
  const { status, stderr } = runOnSmallDisk({
    folder: checkout.cache,
    sizeMb: 8,
    command: checkout.command,
    env: { SOEN_CACHE_DIR: checkout.cache, PATH: checkout.env.PATH },
  })
  expect(stderr).toContain('✗ Fetching Node 24 and pnpm 12 failed: the disk is full.\n  → Free about 3 GB')
  expect(status).toBe(1)
})

describe('a checkout that is prepared', () => {
  let checkout: ReturnType<typeof newCheckout>
  let first: ReturnType<typeof checkout.run>

  beforeAll(() => {
    checkout = newCheckout()
    first = checkout.run()
  })
  afterAll(() => checkout[Symbol.dispose]())

  const printed = (...command: string[]) => {
    const [program = '', script = ''] = checkout.command
    const env = { ...checkout.env, XDG_DATA_HOME: '/my/data' }
    return spawnSync(program, [script, ...command], { env, encoding: 'utf8' })
  }

  test('needs nothing from the network the second time', () => {
    expect(first.status).toBe(0)
    const offline = checkout.run(closedPort)
    expect(offline.stdout).toMatch(prepared)
    expect(offline.stderr).toBe('')
  })

  test("leaves the user's own folders to the command, and keeps those of pnpm apart", () => {
    expect(printed('sh', '-c', 'echo $XDG_DATA_HOME').stdout).toBe('/my/data\n')
    expect(printed('pnpm', 'store', 'path').stdout).toContain(join(checkout.cache, 'pnpm'))
  })

  test('passes the exit code of the command on', () => {
    expect(printed('sh', '-c', 'exit 7').status).toBe(7)
  })
})
