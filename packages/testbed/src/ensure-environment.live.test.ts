import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from './folder.ts'
import { processesThatName } from './processes-that-name.ts'
import { runOnSmallDisk } from './small-disk.ts'
import { waitUntil } from './wait-until.ts'

const runProgram = promisify(execFile)

/** A small package, locked by hash like MLflow. */
const locked = `six==1.16.0 \\
    --hash=sha256:8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254
`

/** Builds the environment in a process of its own, which can get another environment or be killed. */
function setUp(requirements = locked) {
  const folder = temporaryFolder('env')
  const cache = join(folder.path, 'cache')
  mkdirSync(cache)
  const file = join(folder.path, 'requirements.txt')
  writeFileSync(file, requirements)
  const module = import.meta.resolve('@soen/mlflow-server')
  const script = `
    const { ensureEnvironment } = await import(${JSON.stringify(module)})
    try {
      const { python, isCached } = await ensureEnvironment(${JSON.stringify({ name: 'six', label: 'six', requirements: file, cache })})
      console.log(JSON.stringify({ python, isCached }))
    } catch ({ code, message, hint }) {
      console.log(JSON.stringify({ code, message, hint }))
    }`
  const command = [process.execPath, '--input-type=module', '-e', script]
  const run = async (env: Record<string, string> = {}) => {
    const { stdout } = await runProgram(command[0] ?? '', command.slice(1), {
      env: { ...process.env, ...env },
    })
    return JSON.parse(stdout)
  }
  return { cache, command, run, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

const noRegistry = {
  PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
  UV_INDEX_URL: 'http://127.0.0.1:9/simple',
  PIP_RETRIES: '0',
}

test('makes it once, with what was locked', async () => {
  using environment = setUp()
  const { python, isCached } = await environment.run()
  expect(isCached).toBe(false)
  expect((await runProgram(python, ['-c', 'import six; print(six.__version__)'])).stdout).toBe('1.16.0\n')
  expect(await environment.run(noRegistry)).toEqual({ python, isCached: true })
})

test('says that the registry does not answer, and goes on when it does', async () => {
  using environment = setUp()
  expect(await environment.run(noRegistry)).toMatchObject({ code: 'SOEN_REGISTRY_UNREACHABLE' })
  expect(await environment.run()).toMatchObject({ isCached: false })
})

test('refuses a package that is not the locked one', async () => {
  using environment = setUp(locked.replace('8abb2f1d', '00000000'))
  expect(await environment.run()).toMatchObject({ code: 'SOEN_PACKAGE_HASH_MISMATCH' })
  expect(readdirSync(join(environment.cache, 'six'))).toEqual([])
})

test('names a Python that is not there', async () => {
  using environment = setUp()
  expect(await environment.run({ SOEN_PYTHON: '/opt/no/python' })).toMatchObject({
    code: 'SOEN_PYTHON_MISSING',
    message: expect.stringContaining('/opt/no/python'),
  })
})

test('says that the disk is full', () => {
  using environment = setUp()
  const { folder, command } = { folder: environment.cache, command: environment.command }
  const { stdout } = runOnSmallDisk({ folder, sizeMb: 4, command })
  expect(JSON.parse(stdout)).toMatchObject({ code: 'SOEN_DISK_FULL' })
})

test('recovers by itself from an installation that was killed', async () => {
  using environment = setUp()
  const [program = '', ...args] = environment.command
  const installers = (): string[] => processesThatName(`PIP_CACHE_DIR=${environment.cache}`)
  const left = (): string[] =>
    readdirSync(environment.cache, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.partial$|\.tmp/.test(path),
    )
  const first = spawn(program, args, { stdio: 'ignore' })
  await waitUntil(() => installers().length > 0, { what: 'an installer' })
  // Only that process, as by `kill`, and with the signal that it cannot handle.
  first.kill('SIGKILL')
  await once(first, 'exit')
  await waitUntil(() => installers().length === 0, { what: 'the end of the installer' })
  expect(left()).not.toEqual([])

  expect(await environment.run()).toMatchObject({ isCached: false })
  expect(left()).toEqual([])
})
