import { userInfo } from 'node:os'
import { expect, it } from 'vitest'
import { systemUser } from './system-user.ts'

it('names the account that runs this', () => {
  expect(systemUser()).toBe(userInfo().username)
})

/** Throws what Node throws for a user id without an account. */
function ofNobody(): never {
  throw new Error('A system error occurred: uv_os_get_passwd returned ENOENT (no such file or directory)')
}

it('gives the number where it has no name, as in a container', () => {
  expect(systemUser(ofNobody)).toBe(`uid ${process.getuid?.()}`)
})
