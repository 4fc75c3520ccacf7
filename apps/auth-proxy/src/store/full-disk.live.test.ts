import { fileURLToPath } from 'node:url'
import { runOnSmallDisk, temporaryFolder } from '@soen/testbed'
import { expect, it } from 'vitest'

it('a full disk: who was known stays in, changes are refused, and once there is room all goes on', () => {
  using folder = temporaryFolder('full-disk')
  const child = fileURLToPath(new URL('../testing/full-disk-child.ts', import.meta.url))
  const { stdout, stderr } = runOnSmallDisk({
    folder: folder.path,
    sizeMb: 6,
    command: [process.execPath, child, folder.path],
    env: { NODE_NO_WARNINGS: '1' },
  })
  expect({ ended: stdout === '' ? stderr : 'well' }).toEqual({ ended: 'well' })
  expect(JSON.parse(stdout)).toEqual({
    full: {
      token: 200,
      password: 200,
      wrongPassword: 401,
      users: 200,
      newToken: 503,
      revocation: 503,
      signIn: 503,
    },
    free: {
      token: 200,
      password: 200,
      wrongPassword: 401,
      users: 200,
      newToken: 200,
      revocation: 204,
      signIn: 303,
    },
    isRunning: true,
  })
})
