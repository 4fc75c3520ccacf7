import { expect, test } from 'vitest'
import { sendIsolating } from './isolate.ts'
import type { Batch } from './log-batch.ts'
import { MlflowError } from './mlflow-error.ts'

const batch: Batch = {
  kind: 'metrics',
  items: Array.from({ length: 1000 }, (_, index) => ({ name: `m${index}`, json: '{}' })),
}

function refusal(message: string, status = 400): MlflowError {
  const errorCode = status === 400 ? 'INVALID_PARAMETER_VALUE' : undefined
  return new MlflowError({ code: 'SOEN_SERVER_ERROR', message, hint: '', status, errorCode })
}

/** A server that refuses batches with certain items. */
function server(bad: readonly string[], explain: (index: number) => string, status?: number) {
  const taken: string[] = []
  let requests = 0
  return {
    taken,
    requests: () => requests,
    send: async ({ items }: Batch): Promise<void> => {
      requests += 1
      const index = items.findIndex(({ name }) => bad.includes(name))
      if (index !== -1) throw refusal(explain(index), status)
      taken.push(...items.map(({ name }) => name))
    },
  }
}

test('sends a good batch once', async () => {
  const good = server([], String)
  expect(await sendIsolating(batch, good.send)).toEqual([])
  expect(good.requests()).toBe(1)
})

test('takes out the items that the server names, and sends the other 998', async () => {
  const naming = server(
    ['m3', 'm700'],
    (index) => `Invalid value for parameter 'metrics[${index}].name' supplied`,
  )
  const rejected = await sendIsolating(batch, naming.send)
  expect(rejected.map(({ item }) => item.name)).toEqual(['m3', 'm700'])
  expect(naming.taken).toHaveLength(998)
  expect(naming.requests()).toBe(3)
})

test('finds an item that the server does not name by halving', async () => {
  const vague = server(['m321'], () => 'Something is wrong.')
  const rejected = await sendIsolating(batch, vague.send)
  expect(rejected.map(({ item }) => item.name)).toEqual(['m321'])
  expect(vague.taken).toHaveLength(999)
  expect(vague.requests()).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(1000)) + 1)
})

test('an index beyond the batch does not stop the search', async () => {
  const confused = server(['m5'], () => 'metrics[99999] is wrong')
  expect(await sendIsolating(batch, confused.send)).toHaveLength(1)
  expect(confused.taken).toHaveLength(999)
})

test('a body that is too large is halved', async () => {
  const sizes: number[] = []
  const send = async ({ items }: Batch): Promise<void> => {
    if (items.length > 300) throw refusal('Request Entity Too Large', 413)
    sizes.push(items.length)
  }
  expect(await sendIsolating(batch, send)).toEqual([])
  expect(sizes).toEqual([250, 250, 250, 250])
})

test('one item that is too large for something on the way is not to blame', async () => {
  const error = refusal('Request Entity Too Large', 413)
  await expect(sendIsolating(batch, () => Promise.reject(error))).rejects.toBe(error)
})

test.each([
  ['a deleted run', refusal("The run x must be in the 'active' state.")],
  ['a page of something in between', refusal('not found', 404)],
  ['a failing server', refusal('oops', 500)],
])('does not blame the items for %s', async (_, error) => {
  await expect(sendIsolating(batch, () => Promise.reject(error))).rejects.toBe(error)
})
