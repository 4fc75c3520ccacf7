import { expect, it } from 'vitest'
import { startFakeUpstream } from '../testing/fake-upstream.ts'
import { openUpstream } from './upstream.ts'

it('speaks to the socket that it was given', async () => {
  await using fake = await startFakeUpstream()
  const upstream = openUpstream(`unix:${fake.socketPath}`)
  const { statusCode, body } = await upstream.request({ path: '/version', method: 'GET' })
  expect([statusCode, await body.text()]).toEqual([200, '{}'])
  expect(fake.hits).toEqual(['GET /version'])
  await upstream.destroy()
})

it.each(['http://127.0.0.1:5000', 'unix:relative.sock', 'unix:', '/run/mlflow.sock', ''])(
  'takes nothing but a unix socket: %j',
  (address) => {
    expect(() => openUpstream(address)).toThrow(expect.objectContaining({ code: 'SOEN_UPSTREAM_INVALID' }))
  },
)
