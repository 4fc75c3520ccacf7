import { expect, it, vi } from 'vitest'
import { mintToken } from './identity/token.ts'
import { basic, openAuthProxy, testPassword } from './testing/auth-proxy.ts'

it('says who did what, and never a secret', async () => {
  await using door = await openAuthProxy()
  await door.fetch('/version?token=in-the-query', { headers: { cookie: 'in-the-cookie' } })
  await door.fetch('/version', { headers: { authorization: basic('ada', 'wrong but close') } })
  const { id, text } = mintToken()
  await door.fetch(`/_soen/api/tokens/${text}`, { method: 'DELETE' })
  await vi.waitFor(() => expect(door.log.filter((line) => line.includes('"request"'))).toHaveLength(3))

  const lines = door.log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request')
  expect(lines).toMatchObject([
    { method: 'GET', path: '/version', user: 'ada', status: 200 },
    { method: 'GET', path: '/version', status: 401 },
    { method: 'DELETE', path: `/_soen/api/tokens/soen_${id}_…` },
  ])
  expect(lines[1]).not.toHaveProperty('user')
  for (const secret of [
    testPassword,
    text,
    basic('ada'),
    'wrong but close',
    'in-the-query',
    'in-the-cookie',
  ]) {
    expect(door.log.join('')).not.toContain(secret)
  }
})
