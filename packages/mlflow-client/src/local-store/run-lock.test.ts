import { existsSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { releaseLock, takeLock } from '../node/lock.ts'
import { withRunLock } from './run-lock.ts'

test('lets one work at a time, and gives the run back after a failure', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'))
  const order: string[] = []
  const slow = withRunLock(folder.path, async () => {
    await new Promise((resolve) => {
      setTimeout(resolve, 30)
    })
    order.push('first')
    throw new Error('failed')
  })
  const next = withRunLock(folder.path, () => order.push('second'))
  await expect(slow).rejects.toThrow('failed')
  await next
  expect(order).toEqual(['first', 'second'])
  expect(existsSync(join(folder.path, 'lock'))).toBe(false)
})

test('asks to be tried again when somebody works for too long', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'))
  takeLock(folder.path)
  await expect(withRunLock(folder.path, () => true, { waitMs: 20 })).rejects.toMatchObject({
    status: 503,
    retryable: true,
  })
  releaseLock(folder.path)
})
