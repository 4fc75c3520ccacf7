import { describe, expect, it } from 'vitest'
import { hashPassword, verifyPassword } from './password-hash.ts'

describe('hashPassword', () => {
  it('writes a PHC string with the cost that OWASP asks for, under a new salt each time', async () => {
    const [first, second] = await Promise.all([hashPassword('secret words'), hashPassword('secret words')])
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(first).not.toBe(second)
  })
})

describe('verifyPassword', () => {
  it('knows its own hashes', async () => {
    const hash = await hashPassword('secret words')
    expect(await verifyPassword('secret words', hash)).toBe(true)
    expect(await verifyPassword('secret word', hash)).toBe(false)
  })

  it('reads the cost from the string: the vector of the reference implementation (64 MiB)', async () => {
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    expect(await verifyPassword('password', reference)).toBe(true)
  })

  it.each(['', 'plain', '$argon2i$v=19$m=19456,t=2,p=1$c2FsdA$dGFn', '$2b$10$abcdefghijklmnopqrstuv'])(
    'throws rather than guess at %j',
    async (hash) => {
      await expect(verifyPassword('password', hash)).rejects.toMatchObject({
        code: 'SOEN_PASSWORD_HASH_UNREADABLE',
      })
    },
  )
})
