import { expect, it } from 'vitest'
import type { AuditRecord } from './record.ts'
import { sentenceOf } from './sentence.ts'

const chain = { writer: 'w', seq: 1, prev: '', hash: '', time: '2026-11-25T18:30:15.123Z' }
const run = { kind: 'run', value: '4f2a' } as const
const api = 'POST {api}/2.0/mlflow'
const cleo = { ...chain, actor: 'cleo', via: 'session', address: '192.0.2.7', status: 200 } as const
const refused = { allowed: false, code: 'SOEN_ROLE_TOO_LOW', status: 403 } as const
const nobody = { actor: undefined, via: undefined }
const command = { via: 'command', address: undefined, status: undefined } as const

it.each<[string, Partial<AuditRecord>]>([
  [
    'cleo deleted run 4f2a (session, from 192.0.2.7) → 200  [POST runs/delete]',
    { action: `${api}/runs/delete`, subjects: [run] },
  ],
  [
    'cleo was refused to delete run 4f2a: You are viewer (session, from 192.0.2.7) → SOEN_ROLE_TOO_LOW  [POST runs/delete]',
    { ...refused, action: `${api}/runs/delete`, subjects: [run], reason: 'You are viewer.' },
  ],
  [
    'cleo asked to delete run 4f2a, outcome unknown (session, from 192.0.2.7)  [POST runs/delete]',
    { action: `${api}/runs/delete`, subjects: [run], asked: true, status: undefined },
  ],
  [
    'cleo wrote to run 4f2a and 3 more, 61 times (token laptop, from 192.0.2.7) → 200  [POST runs/log-batch]',
    {
      action: `${api}/runs/log-batch`,
      via: 'token',
      token: 'laptop',
      count: 61,
      moreSubjects: 2,
      subjects: [
        {
          kind: 'experiment',
          value: '7',
        },
        run,
      ],
    },
  ],
  [
    'cleo unlocked user bob (command)  [POST /_soen/api/users/{name}/unlock]',
    { ...command, action: 'POST /_soen/api/users/{name}/unlock', subjects: [{ kind: 'user', value: 'bob' }] },
  ],
  [
    'cleo signed in (session, from 192.0.2.7) → 200  [POST /_soen/sign-in]',
    { action: 'POST /_soen/sign-in' },
  ],
  [
    'cleo was refused to read /_soen/api/users (session, from 192.0.2.7) → SOEN_ROLE_TOO_LOW  [GET /_soen/api/users]',
    { ...refused, action: 'GET /_soen/api/users' },
  ],
  [
    'somebody was refused to read a path that is not there (from 192.0.2.7) → SOEN_NOT_FOUND  [GET (no such route)]',
    { ...refused, ...nobody, code: 'SOEN_NOT_FOUND', action: 'GET (no such route)' },
  ],
  [
    'somebody sent what is no request (from 192.0.2.7) → SOEN_REQUEST_MALFORMED  [(no request)]',
    { ...refused, ...nobody, code: 'SOEN_REQUEST_MALFORMED', action: '(no request)' },
  ],
  [
    'the table missed records 7 to 21 (the front door itself)  [audit gap]',
    {
      action: 'audit gap',
      via: undefined,
      address: undefined,
      status: undefined,
      missing: {
        sink: 'table',
        from: 7,
        to: 21,
      },
    },
  ],
])('says: %s', (sentence, parts) => {
  const record = { ...cleo, action: '', allowed: true, subjects: [], ...parts }
  expect(sentenceOf(record)).toBe(`2026-11-25 18:30:15 UTC  ${sentence}`)
})
