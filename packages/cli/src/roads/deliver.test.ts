import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { receiverRefusals } from './deliver.ts'

test('knows every code that the receiver on the machine says, and no other', () => {
  const receiver = readFileSync(new URL('../../delivery/receive.py', import.meta.url), 'utf8')
  const said = [...receiver.matchAll(/"(SOEN_[A-Z_]+)"/g)].map(([, code = '']) => code)
  expect(Object.keys(receiverRefusals).toSorted()).toEqual([...new Set(said)].toSorted())
})
