import { temporaryFolder } from '@soen/testbed'
import { expect, test } from 'vitest'
import { CliError } from '../errors.ts'
import { realReason } from './disk-space.ts'

const noSpace = Object.assign(new Error("ENOSPC: no space left on device, mkdir '/x'"), { code: 'ENOSPC' })

test('names the disk where the system says so, also where a quota or the number of files ran out', async () => {
  using folder = temporaryFolder('disk')
  const failed = new Error('The log can not be opened.', { cause: noSpace })
  expect(await realReason(failed, folder.path)).toMatchObject({
    message: `The disk of ${folder.path} is full.`,
    code: 'SOEN_DISK_FULL',
    hint: expect.stringContaining('--home FOLDER'),
    cause: failed,
  })
})

test('takes a folder that the system refuses for no full disk, unless the system says that it is', async () => {
  const refused = Object.assign(new Error('mkdir'), { code: 'EPERM', path: '/sys/x' })
  // /sys never has free space.
  expect(await realReason(refused, '/sys/x')).toBe(refused)
  const full = Object.assign(new Error('mkdir'), { code: 'ENOSPC', path: '/sys/x' })
  expect(await realReason(full, '/sys/x')).toMatchObject({ code: 'SOEN_DISK_FULL' })
})

test.each([
  new Error('MLflow ended.'),
  new CliError('Port 5500 is taken.', { code: 'SOEN_PORT_BUSY', hint: 'Choose another.', cause: noSpace }),
])('leaves what has another reason as it is: %s', async (error) => {
  using folder = temporaryFolder('disk')
  expect(await realReason(error, folder.path)).toBe(error)
})
