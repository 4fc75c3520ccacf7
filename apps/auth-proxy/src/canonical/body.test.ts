import { expect, it } from 'vitest'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Room } from '../http/rooms.ts'
import { routesOf } from '../routes/route.ts'
import { rules } from '../routes/rules.ts'
import { readBody } from './body.ts'

/** A request that has come whole. */
function request(body: string): IncomingMessage {
  const message = new IncomingMessage(new Socket())
  message.headers = { 'content-type': 'application/json', 'content-length': String(body.length) }
  message.push(body)
  message.push(null)
  return message
}

it('parses JSON when it is its turn, by the bytes and values that it has', async () => {
  const search = routesOf(rules).find(({ path }) => path === '{api}/2.0/mlflow/runs/search')
  if (search === undefined) throw new Error('No such route.')
  const turns: (readonly number[])[] = []
  const { promise: turn, resolve: begin } = Promise.withResolvers<void>()
  const room: Room = {
    take: () => undefined,
    turn(bytes, values) {
      turns.push([bytes, values])
      return turn
    },
  }
  const text = `{"experiment_ids":["1"],"order_by":[${'"a",'.repeat(12_000)}"a"]}`
  let isRead = false
  const body = Promise.resolve(readBody(request(text), search, room)).then((read) => {
    isRead = true
    return read
  })
  await expect.poll(() => turns).toEqual([[text.length, 12_004]])
  expect(isRead).toBe(false)
  begin()
  expect((await body).json).toMatchObject({ experiment_ids: ['1'] })
})
