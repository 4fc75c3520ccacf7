import { expect, it } from 'vitest'
import { newPasswordHashing } from './new-password.ts'
import { verifyPassword } from './password-hash.ts'
import { FairTurnstile } from './fair-turnstile.ts'

const busy = { code: 'SOEN_LOGIN_BUSY', status: 503 }

it('hashes new passwords in line, and of each account one at a time', async () => {
  const hash = newPasswordHashing(new FairTurnstile({ slots: 1, maxPerLane: 1, maxLanes: 1 }))
  const ofAda = hash('a new password', 'ada')
  await expect(hash('a new password', 'ada')).rejects.toMatchObject(busy)
  const ofBob = hash('a new password', 'bob')
  await expect(hash('a new password', 'eve')).rejects.toMatchObject(busy)
  expect(await verifyPassword('a new password', await ofAda)).toBe(true)
  expect(await verifyPassword('a new password', await ofBob)).toBe(true)
  expect(await hash('the next one', 'ada')).toMatch(/^\$argon2id\$/)
})

it('hashes nothing that cannot be a password', async () => {
  const turnstile = new FairTurnstile({ slots: 0, maxPerLane: 0, maxLanes: 0 })
  const hash = newPasswordHashing(turnstile)
  await expect(hash('short', 'ada')).rejects.toMatchObject({ code: 'SOEN_PASSWORD_INVALID' })
  await expect(hash('as before', 'ada', 'as before')).rejects.toMatchObject({ code: 'SOEN_PASSWORD_INVALID' })
})
