import { expect, test } from 'vitest'
import { judge, type Answered, type Verdict } from './verdict.ts'

const PAGE = '<html><body>Please sign in</body></html>'

test.each<[Verdict, string, Answered]>([
  [
    'item',
    'a bad name',
    own(400, 'INVALID_PARAMETER_VALUE', 'Invalid value "a@" for parameter \'metrics[0].name\''),
  ],
  [
    'item',
    'another value of a parameter',
    own(400, 'INVALID_PARAMETER_VALUE', 'Changing param values is not'),
  ],
  [
    'item',
    'a text that quotes another rule',
    own(400, 'INVALID_PARAMETER_VALUE', "x must be in the 'active' state"),
  ],
  [
    'item',
    'a text that is no Unicode',
    own(400, 'BAD_REQUEST', 'Read in more than one way. (SOEN_BODY_NOT_CANONICAL)'),
  ],
  ['run', 'a deleted run', own(400, 'INVALID_PARAMETER_VALUE', "The run 7 must be in the 'active' state.")],
  ['run', 'an unknown run', own(404, 'RESOURCE_DOES_NOT_EXIST', 'Run with id=7 not found')],
  ['size', 'a page that says too large', { status: 413, message: PAGE }],
  ['caller', 'a wrong password', own(401, 'UNAUTHENTICATED', 'who are you?')],
  ['caller', 'a right that is missing', own(403, 'PERMISSION_DENIED', 'Your role is not enough for this.')],
  ['caller', 'what MLflow’s own app for logins says', { status: 403, message: 'Permission denied' }],
  [
    'wait',
    'an empty database pool',
    own(400, 'BAD_REQUEST', 'QueuePool limit of size 5 overflow 10 reached'),
  ],
  [
    'wait',
    'two writers that met',
    own(400, 'BAD_REQUEST', 'IntegrityError (at: https://sqlalche.me/e/20/gkpj)'),
  ],
  ['wait', 'a database that is down', own(503, 'TEMPORARILY_UNAVAILABLE', 'connection refused')],
  ['wait', 'a failure of the server', own(500, 'INTERNAL_ERROR', 'oops')],
  ['wait', 'a route that is not there', own(404, 'ENDPOINT_NOT_FOUND', 'There is nothing at this path.')],
  ...[302, 400, 403, 404, 405, 408, 409, 418, 429, 451, 500, 502, 503, 504, 521, 599].map(
    (status): [Verdict, string, Answered] => [
      'wait',
      `a page with status ${status}`,
      { status, message: PAGE },
    ],
  ),
])('%s: %s', (verdict, _, answered) => {
  expect(judge(answered)).toBe(verdict)
})

function own(status: number, errorCode: string, message: string): Answered {
  return { status, errorCode, message }
}
