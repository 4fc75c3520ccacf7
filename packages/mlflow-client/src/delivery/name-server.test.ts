import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { someNameServerAnswers } from './name-server.ts'

test.each(['127.0.0.1', '::1'])('any of several name servers will do, as %s', async (host) => {
  const family = host === '::1' ? 'udp6' : 'udp4'
  const silent = createSocket(family)
  const names: string[] = []
  const server = createSocket(family).on('message', (question, { port, address }) => {
    names.push(question.toString('latin1', 12, question.length - 5))
    server.send(question, port, address)
  })
  const servers: string[] = []
  for (const socket of [silent, server]) {
    await once(socket.bind(0, host), 'listening')
    servers.push(`${host === '::1' ? `[${host}]` : host}:${socket.address().port}`)
  }
  expect(await someNameServerAnswers('mlflow.example.org', servers)).toBe(true)
  expect(names).toEqual(['\u0006mlflow\u0007example\u0003org'])
  expect(await someNameServerAnswers('mlflow.example.org', servers.slice(0, 1), { timeoutMs: 50 })).toBe(
    false,
  )
  for (const socket of [silent, server]) socket.close()
})

test('where it cannot be found out, the system is left to find out', async () => {
  expect(await someNameServerAnswers('mlflow.example.org', [])).toBe(true)
  expect(await someNameServerAnswers('mlflow.example.org', ['no address'])).toBe(true)
})
