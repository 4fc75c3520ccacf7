import { once } from 'node:events'
import { expect, test } from 'vitest'
import { ClientError } from '../errors/client-error.ts'
import { createGuard } from './guard.ts'

test('lets through what works, and warns once of what fails', () => {
  const warnings: ClientError[] = []
  const guard = createGuard((warning) => warnings.push(warning))
  const done: string[] = []
  guard('writing', fail)
  guard('writing', fail)
  guard('writing', () => done.push('x'))
  guard('reading', fail)
  expect(done).toEqual(['x'])
  expect(warnings.map(({ message }) => message)).toEqual([
    'writing failed: disk full',
    'reading failed: disk full',
  ])
  expect(warnings[0]).toMatchObject({ code: 'SOEN_ITEM_REFUSED', cause: new Error('disk full') })
})

test('keeps code and hint of an error that has them', () => {
  const warnings: ClientError[] = []
  const error = new ClientError({ code: 'SOEN_CONFIG_INVALID', message: 'wrong', hint: 'Mend it.' })
  createGuard((warning) => warnings.push(warning))('opening', () => {
    throw error
  })
  expect(warnings).toMatchObject([
    { code: 'SOEN_CONFIG_INVALID', message: 'opening failed: wrong', hint: 'The training goes on. Mend it.' },
  ])
})

test('warns on stderr when nobody listens', async () => {
  const warned = once(process, 'warning')
  createGuard()('opening', () => {
    throw new Error('no')
  })
  expect(await warned).toMatchObject([
    { name: 'SoenWarning', message: expect.stringContaining('opening failed: no') },
  ])
})

function fail(): never {
  throw new Error('disk full')
}
