import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openUpstream } from '../forward/upstream.ts'
import { buildServer } from '../server.ts'
import { startFakeUpstream } from '../testing/fake-upstream.ts'
import type { FakeUpstream } from '../testing/fake-upstream.ts'
import { basic, testAuthenticator } from '../testing/auth-proxy.ts'
import { closeGracefully } from './close-gracefully.ts'
import { listenOn } from './listen.ts'

const headers = { authorization: basic('ada') }

async function openDoor(
  fake: FakeUpstream,
): Promise<{ url: string; close: (graceMs: number) => Promise<void> }> {
  const upstream = openUpstream(`unix:${fake.socketPath}`)
  const server = buildServer({ upstream, authenticator: await testAuthenticator() })
  const url = await listenOn(server, { host: '127.0.0.1', port: 0 })
  return {
    url,
    async close(graceMs) {
      await closeGracefully(server, { graceMs, farewellMs: 50 })
      await upstream.destroy()
    },
  }
}

it('finishes what is under way, and takes nothing new', async () => {
  const arrived = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  await using fake = await startFakeUpstream((_request, response) => {
    arrived.resolve()
    void finish.promise.then(() => response.end('finished'))
  })
  const door = await openDoor(fake)
  const underWay = fetch(`${door.url}/version`, { headers })
  await arrived.promise
  const closed = door.close(60_000)
  await delay(20)
  await expect(fetch(`${door.url}/version`, { headers })).rejects.toThrow('fetch failed')
  finish.resolve()
  expect(await (await underWay).text()).toBe('finished')
  await closed
})

it('cuts off what does not finish in time', async () => {
  const arrived = Promise.withResolvers<void>()
  await using fake = await startFakeUpstream(() => arrived.resolve())
  const door = await openDoor(fake)
  const underWay = Promise.allSettled([fetch(`${door.url}/version`, { headers })])
  await arrived.promise
  await door.close(50)
  expect(await underWay).toMatchObject([{ status: 'rejected' }])
})
