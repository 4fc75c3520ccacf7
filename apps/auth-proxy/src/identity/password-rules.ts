import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import { tokenPrefix } from './token.ts'
import { normalizeName } from './user.ts'

// OWASP ASVS 5.0, 6.2: at least 8 characters, no composition rules, long passwords welcome.
const minCharacters = 8
/** Longer passwords are no safer, and hashing megabytes would be a way to keep the server busy. */
export const maxPasswordBytes: number = 1024

/** The normal form of a password: keyboards encode the same accent in two ways. */
export function normalizePassword(password: string): string {
  return password.normalize('NFC')
}

/** Checks a new password and returns its normal form; `current` is the previous one, where it was given. */
export function parseNewPassword(password: string, userName: string, current?: string): string {
  const normalized = normalizePassword(password)
  const isSame = current !== undefined && normalized === normalizePassword(current)
  const problem = isSame ? 'it is the current one' : problemWith(normalized, userName)
  if (problem !== undefined) {
    throw new AuthProxyError({
      code: 'SOEN_PASSWORD_INVALID',
      message: `This password cannot be used: ${problem}.`,
      hint: `Use at least ${minCharacters} characters of any kind; a few unrelated words are easy to keep.`,
    })
  }
  return normalized
}

function problemWith(password: string, userName: string): string | undefined {
  if (Array.from(password).length < minCharacters) return `it has fewer than ${minCharacters} characters`
  if (Buffer.byteLength(password) > maxPasswordBytes) return `it is longer than ${maxPasswordBytes} bytes`
  if (/\p{Cc}/u.test(password)) return 'it contains a control character'
  if (password.startsWith(tokenPrefix)) return `it starts like an API token, with ${tokenPrefix}`
  if (normalizeName(password) === userName) return 'it is the user name'
  if (new Set(password).size === 1) return 'it repeats one character'
  return undefined
}
