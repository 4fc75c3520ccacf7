import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

function ask(input: string, ...args: readonly string[]): unknown {
  const { status, stdout } = spawnSync(process.execPath, [main, ...args], { input, encoding: 'utf8' })
  return {
    status,
    events: stdout
      .trim()
      .split('\n')
      .map((line) => Object(JSON.parse(line))),
  }
}

test.each([
  ['', 'It is no JSON.'],
  ['null', 'It knows no verb undefined.'],
  ['{"verb":"toString"}', 'It knows no verb "toString".'],
  ['{"verb":"backup"}', 'It knows no verb "backup".'],
  ['{"verb":"restart","by":"ada"}', '`restart` lacks `version`.'],
  ['{"verb":"destroy","by":"ada","version":"1","isDryRun":"yes"}', '`isDryRun` of `destroy` is no boolean.'],
  ['{"verb":"eject","target":{},"payload":[]}', '`payload` of `eject` is no object.'],
  ['{"verb":"allow","by":"ada","version":"1","add":"me"}', '`add` of `allow` is no list.'],
])('answers a request that it does not understand with an error: %s', (request, why) => {
  expect(ask(`${request}\n`)).toEqual({
    status: 1,
    events: [
      {
        type: 'error',
        code: 'SOEN_HOST_REQUEST',
        message: `The program on the machine does not understand the request. ${why}`,
        hint: expect.stringContaining('deploy'),
        docs: '/troubleshooting/server/#soen_host_request',
        causes: expect.any(Array),
      },
    ],
  })
})

test('takes the verb of a timer from its argument', () => {
  expect(ask('', 'backup')).toMatchObject({
    status: 1,
    events: [{ message: expect.stringContaining('no verb "backup"') }],
  })
})
