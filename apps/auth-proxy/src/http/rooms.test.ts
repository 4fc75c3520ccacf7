import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { ClientLeft } from '../errors/client-left.ts'
import { Rests } from './rests.ts'
import { Rooms } from './rooms.ts'

function answer(): ServerResponse & { closed: boolean } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only its end is listened to
  return Object.assign(new EventEmitter(), { closed: false }) as ServerResponse & { closed: boolean }
}
const refusal = (code: string): unknown => expect.objectContaining({ code })

it('holds so much for one user, and so much for all, until their answers are over', () => {
  const rooms = new Rooms({ total: 100, perUser: 60 })
  const first = answer()
  rooms.open('bob', first).take(60)
  expect(() => rooms.open('bob', answer()).take(1)).toThrow(refusal('SOEN_TOO_MANY_AT_ONCE'))
  const other = rooms.open('cleo', answer())
  other.take(40)
  expect(() => other.take(1)).toThrow(refusal('SOEN_MLFLOW_BUSY'))
  first.emit('close')
  other.take(20)
  rooms.open('bob', answer()).take(40)
})

it('holds nothing for an answer that is over, as nobody would give it back', () => {
  const rooms = new Rooms({ total: 100, perUser: 60 })
  const left = answer()
  const room = rooms.open('bob', left)
  room.take(10)
  left.closed = true
  left.emit('close')
  expect(() => room.take(10)).toThrow(ClientLeft)
  rooms.open('bob', answer()).take(60)
})

it('lets a large body go whose client leaves before its turn', async () => {
  const never = new Rests(() => new Promise(() => {}))
  const rooms = new Rooms({ total: 100, perUser: 60 }, never)
  await rooms.open('bob', answer()).turn(2e6, 1)
  const left = answer()
  const turn = rooms.open('bob', left).turn(2e6, 1)
  left.closed = true
  left.emit('close')
  await expect(turn).rejects.toThrow(ClientLeft)
})
