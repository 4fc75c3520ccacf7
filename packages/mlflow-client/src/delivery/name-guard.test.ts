import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NameGuard } from './name-guard.ts'

let server: Socket
let asked: number
let answers: boolean
let guard: NameGuard
let sent: string[]
let fetch: typeof globalThis.fetch

beforeEach(async () => {
  asked = 0
  answers = true
  sent = []
  server = createSocket('udp4').on('message', (question, { port, address }) => {
    asked += 1
    if (!answers) return
    // The question itself, marked as an answer with NXDOMAIN.
    const answer = Buffer.from(question)
    answer.writeUInt16BE(0x81_83, 2)
    server.send(answer, port, address)
  })
  await once(server.bind(0, '127.0.0.1'), 'listening')
  guard = new NameGuard({
    servers: [`127.0.0.1:${server.address().port}`],
    hostsFile: '/nowhere',
    sourcesFile: '/nowhere',
  })
  fetch = guard.guard(async (input) => {
    sent.push(new Request(input).url)
    return new Response('{}')
  })
})
afterEach(() => void server.close())

test('a name server that answers, even that there is no such name, lets requests pass, and is not asked for each', async () => {
  await fetch('http://mlflow.invalid/a')
  await fetch('http://mlflow.invalid/b')
  expect(sent).toEqual(['http://mlflow.invalid/a', 'http://mlflow.invalid/b'])
  expect(asked).toBe(1)
})

test('while none answers, a request fails without asking the system', async () => {
  answers = false
  await expect(fetch('http://mlflow.invalid/')).rejects.toThrow('no name server answers (127.0.0.1:')
  expect(asked).toBe(1)
  expect(sent).toEqual([])
  answers = true
  await fetch('http://mlflow.invalid/')
  expect(sent).toHaveLength(1)
})

test.each([
  ['hosts: files mdns4_minimal [NOTFOUND=return] dns', 1],
  ['passwd: files ldap\nhosts: files dns', 1],
  ['hosts: files ldap dns', 0],
  ['', 1],
])('where names are found by «%s», name servers are asked %i times', async (sources, times) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'sources-'))
  const sourcesFile = join(folder.path, 'nsswitch.conf')
  writeFileSync(sourcesFile, sources)
  const servers = [`127.0.0.1:${server.address().port}`]
  const guarded = new NameGuard({ servers, sourcesFile, hostsFile: '/nowhere' }).guard(
    async () => new Response('{}'),
  )
  await guarded('http://mlflow.invalid/')
  expect(asked).toBe(times)
})

test('a request that fails has the name server asked again before the next one', async () => {
  const failing = guard.guard(async () => {
    throw new Error('reset')
  })
  await expect(failing('http://mlflow.invalid/')).rejects.toThrow('reset')
  await expect(failing('http://mlflow.invalid/')).rejects.toThrow('reset')
  expect(asked).toBe(2)
})

test('addresses, local names and what the hosts file names are asked of nobody', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'hosts-'))
  const hostsFile = join(folder.path, 'hosts')
  writeFileSync(hostsFile, '10.0.0.7 mlflow.invalid mlflow # not.invalid\n')
  const local = new NameGuard({
    servers: [`127.0.0.1:${server.address().port}`],
    hostsFile,
    sourcesFile: '/nowhere',
  })
  const guarded = local.guard(async () => new Response('{}'))
  for (const host of [
    '10.0.0.1',
    '[::1]:5500',
    'localhost',
    'a.localhost',
    'mac.local',
    'mlflow.invalid',
    'mlflow',
  ])
    await guarded(`http://${host}/`)
  expect(asked).toBe(0)
  await guarded('http://not.invalid/')
  expect(asked).toBe(1)
})
