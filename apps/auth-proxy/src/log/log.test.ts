import { expect, it } from 'vitest'
import { Log } from './log.ts'

function open(): { readonly log: Log; readonly lines: () => Record<string, unknown>[] } {
  const written: string[] = []
  const log = new Log({ write: (line) => void written.push(line) })
  return { log, lines: () => written.map((line): Record<string, unknown> => JSON.parse(line)) }
}

it('writes one JSON line with level, time and origin, and leaves out what is not known', () => {
  const { log, lines } = open()
  log.info('request', { status: 200, user: undefined })
  const [line] = lines()
  expect(line).toEqual({
    level: 30,
    time: expect.any(Number),
    pid: process.pid,
    hostname: expect.any(String),
    status: 200,
    msg: 'request',
  })
})

it('writes nothing below its level, which may change', () => {
  const { log, lines } = open()
  log.level = 'warn'
  log.info('routine')
  log.warn('odd')
  log.level = 'info'
  log.info('routine again')
  expect(lines().map(({ msg }) => msg)).toEqual(['odd', 'routine again'])
})

it('tells of an error its code, its cause and its parts, also where one holds itself', () => {
  const { log, lines } = open()
  const cause: Error & { code?: string; bytes?: bigint } = new Error('disk')
  Object.assign(cause, { code: 'ENOSPC', bytes: 1n, self: cause })
  cause.cause = cause
  log.error('It failed.', { err: new AggregateError([new TypeError('one')], 'all', { cause }) })
  expect(lines()[0]).toMatchObject({
    level: 50,
    err: {
      type: 'AggregateError',
      message: 'all',
      stack: expect.stringContaining('all'),
      cause: {
        type: 'Error',
        message: 'disk',
        code: 'ENOSPC',
      },
      errors: [
        {
          type: 'TypeError',
          message: 'one',
        },
      ],
    },
  })
})
