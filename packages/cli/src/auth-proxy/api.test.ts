import { expect, test } from 'vitest'
import { takeAnswer } from './api.ts'
import { readAnswer } from './local-api.ts'

const error = {
  code: 'SOEN_USER_EXISTS',
  message: 'There is an account ada. (SOEN_USER_EXISTS) is what a name may hold.',
  hint: 'Choose another name.',
  docs: '/troubleshooting/front-door-program/#soen_user_exists',
}
const body = { error_code: 'INVALID_PARAMETER_VALUE', message: 'One sentence for MLflow.', error }

test('tells a refusal in the words of its fields, not of its sentence', () => {
  expect(() => takeAnswer({ status: 400, body })).toThrow(expect.objectContaining(error))
})

test('names a shorter next step where there is one', () => {
  const hint = 'Sign in again.'
  expect(() => takeAnswer({ status: 401, body }, () => hint)).toThrow(
    expect.objectContaining({ ...error, hint }),
  )
})

test('calls what has no such fields no front door', () => {
  const foreign = { error_code: 'ENDPOINT_NOT_FOUND', message: 'Not here. (SOEN_NOT_FOUND)' }
  expect(() => takeAnswer({ status: 404, body: foreign })).toThrow(
    expect.objectContaining({ code: 'SOEN_NOT_A_FRONT_DOOR' }),
  )
})

test('tells why the program could not begin, and shows its last words where it says nothing', () => {
  expect(() => readAnswer(JSON.stringify({ error }), 'for people')).toThrow(expect.objectContaining(error))
  expect(() => readAnswer('', 'TypeError: x')).toThrow(
    expect.objectContaining({
      code: 'SOEN_FRONT_DOOR_FAILED',
      message: expect.stringContaining('TypeError: x'),
    }),
  )
})
