import { expect, test } from 'vitest'
import { closingLines } from './run-platform.ts'

const url = 'http://127.0.0.1:5500'
const signIn = { user: 'admin', password: 'abc' } as const

test('ends with where the server is, how to sign in, and which run was logged', () => {
  const logged = {
    ...{ runId: 'a1', experimentId: '1', name: 'fit' },
    ...{ summary: 'val_loss 1.20e-4, 812 items delivered', page: `${url}/#/experiments/1/runs/a1` },
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
