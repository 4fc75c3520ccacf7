import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@soen/testbed'
import { expect, test } from 'vitest'
import { soen } from '../testing/running-soen.ts'
import { closingLines } from './run-platform.ts'

const url = 'http://127.0.0.1:5500'
const signIn = { user: 'admin', password: 'abc' } as const

test('ends with where the server is, how to sign in, and which run was logged', () => {
  const logged = {
    runId: 'a1',
    experimentId: '1',
    name: 'fit',
    summary: 'val_loss 1.20e-4, 812 items delivered',
    page: `${url}/#/experiments/1/runs/a1`,
  }
  expect(closingLines({ url, signIn, outcome: { logged } })).toEqual([
    'Server   http://127.0.0.1:5500',
    'Sign in  admin abc (shown this once)',
    'Logged   fit, val_loss 1.20e-4, 812 items delivered: http://127.0.0.1:5500/#/experiments/1/runs/a1',
  ])
})

test('has nothing to say about a run where none was asked for', () => {
  expect(closingLines({ url, signIn: { ...signIn, password: null } })).toEqual([
    'Server   http://127.0.0.1:5500',
    'Sign in  admin, with the password of the first start (lost? restart with --reset-admin-password)',
  ])
})

const lab = 'lab: { where: ssh, host: { address: lab.example.org }, domain: lab.example.org }'
const dev = 'dev: { where: local, port: 5600, artifacts: { uri: s3://team/runs } }'

/** What `soen up` would start in a folder with these targets. */
function planned(targets: string, ...args: readonly string[]) {
  using folder = temporaryFolder('up')
  writeFileSync(join(folder.path, 'soen.yaml'), `targets: { ${targets} }`)
  const { stdout, ...ended } = soen(['up', '--dry-run', '--json', '--home', '/h', ...args], {}, folder.path)
  return { ...ended, plan: JSON.parse(stdout) }
}

test('takes the only local target of soen.yaml, and says which', () => {
  const { plan, stderr } = planned(`${lab}, ${dev}`)
  expect(plan).toEqual({
    home: '/h',
    port: 5600,
    database: '/h/data/mlflow.db',
    artifacts: 's3://team/runs',
  })
  expect(stderr).toBe('Target dev: the platform on this computer\n')
})

test('lets a flag win over soen.yaml', () => {
  expect(planned(dev, '--port', '0', '--artifacts', '/a').plan).toMatchObject({ port: 0, artifacts: '/a' })
})

test('takes the target that is named of several local ones, and none of its own accord', () => {
  const two = `${dev}, bench: { where: local, port: 5700 }`
  expect(planned(two, '--target', 'bench').plan).toMatchObject({ port: 5700 })
  expect(planned(two).plan).toMatchObject({ error: { code: 'SOEN_SETTINGS_TARGET_UNKNOWN' } })
})

test('starts by its defaults where soen.yaml speaks of servers only', () => {
  const { plan, stderr } = planned(lab)
  expect([plan.port, stderr]).toEqual([5500, ''])
})
