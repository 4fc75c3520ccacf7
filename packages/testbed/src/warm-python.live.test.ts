import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureMlflow } from '@soen/mlflow-server'
import { beforeAll, expect, inject, test } from 'vitest'
import { temporaryFolder } from './folder.ts'
import { processesThatName } from './processes-that-name.ts'
import { waitUntil } from './wait-until.ts'

const warm = inject('mlflow').python
let cold: string
beforeAll(async () => {
  cold = (await ensureMlflow()).python
})

const show = `
import json, os, sys, warnings
sys.stderr.write('a word — to stderr')
print(json.dumps([sys.argv, sys.path[:2], os.getcwd(), sys.stdin.read(), os.environ.get('GIVEN'), __name__]), 'Größe')`

const env = { PATH: process.env['PATH'], GIVEN: 'für dich', PYTHONPATH: '/no/such/folder' }

test.each([
  ['code', ['-c', show, 'an argument', '--and another']],
  ['a program', ['show.py', 'an argument']],
  ['a module', ['-m', 'show', 'an argument']],
  ['what it can not fork for', ['-I', '-c', 'import sys; print(sys.flags.isolated)']],
  ['a code of exit', ['-c', 'raise SystemExit(7)']],
  ['words of exit', ['-c', 'raise SystemExit("no")']],
  ['an error', ['-c', 'open("missing")']],
])('does with %s what a cold Python does', (_what, args) => {
  using folder = temporaryFolder('warm')
  writeFileSync(join(folder.path, 'show.py'), show)
  const run = (python: string) => {
    const { status, signal, stdout, stderr } = spawnSync(python, args, {
      cwd: folder.path,
      env,
      input: 'a line\n',
      encoding: 'utf8',
    })
    // The traceback comes before the error itself.
    return { status, signal, stdout, stderr: stderr.trim().split('\n').at(-1) }
  }
  expect(run(warm)).toEqual(run(cold))
})

test('has MLflow imported, and none of what its server imports by the environment', () => {
  const program = 'import sys; print("mlflow.tracking" in sys.modules, "mlflow.server" in sys.modules)'
  expect(spawnSync(warm, ['-c', program], { encoding: 'utf8' }).stdout).toBe('True False\n')
})

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  'ends with all that it started at %s',
  async (signal) => {
    const mark = `warm-${process.pid}-${signal}`
    const program = `import subprocess, time; subprocess.Popen(['sh', '-c', 'sleep 300; : ${mark}']); print('up', flush=True); time.sleep(300)`
    const child = spawn(warm, ['-c', program], { stdio: ['ignore', 'pipe', 'ignore'] })
    await once(child.stdout, 'data')
    expect(processesThatName(mark)).not.toEqual([])
    child.kill(signal)
    const [code, by] = await once(child, 'exit')
    expect(signal === 'SIGINT' ? code : by).toBe(signal === 'SIGINT' ? 1 : signal)
    await waitUntil(() => processesThatName(mark).length === 0, { what: 'the end of its processes' })
  },
)
