import { describe, expect, it } from 'vitest'
import { Refusal } from './refusals.ts'
import { refusalCodes } from './error-codes.ts'

describe('every refusal', () => {
  it.each(refusalCodes)('%s speaks to MLflow clients in their shape', (code) => {
    const refusal = new Refusal(code)
    expect(JSON.parse(refusal.body)).toEqual({
      error_code: expect.stringMatching(/^[A-Z_]+$/),
      message: `${refusal.message} ${refusal.hint} (${code})`,
      error: { code, message: refusal.message, hint: refusal.hint, docs: refusal.docs },
    })
    expect(refusal.status).toBeGreaterThanOrEqual(400)
  })

  it.each(refusalCodes)(
    '%s is no 429, which makes MLflow clients repeat a wrong password for minutes',
    (code) => {
      expect(new Refusal(code).status).not.toBe(429)
    },
  )

  it('leaves the pauses of a restart to the client, whose own grow to minutes', () => {
    const withPause = refusalCodes.filter((code) => 'retry-after' in new Refusal(code).headers)
    expect(withPause).toEqual(['SOEN_LOGIN_BUSY'])
  })

  it.each(refusalCodes)('%s asks for a login exactly with 401', (code) => {
    const { status, headers } = new Refusal(code)
    expect('www-authenticate' in headers).toBe(status === 401)
  })
})
