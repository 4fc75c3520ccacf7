import { expect, test } from 'vitest'
import { Client } from './client.ts'
import { testSettings } from '../testing/settings.ts'

test('any number of clients listens to the end of the process with one listener, and none is left', async () => {
  const [exit = 0, idle = 0] = counts()
  const clients = Array.from({ length: 20 }, () => new Client(testSettings('http://127.0.0.1:9', '/none')))
  expect(counts()).toEqual([exit + 1, idle + 1])
  for (const client of clients) await client.close()
  expect(counts()).toEqual([exit, idle])
})

function counts(): number[] {
  return ['exit', 'beforeExit'].map((event) => process.listenerCount(event))
}
