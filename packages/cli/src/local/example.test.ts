import { expect, test } from 'vitest'
import { parseResult, trainingYaml } from './example.ts'

test("writes the team's logging block", () => {
  expect(
    trainingYaml({
      url: 'http://127.0.0.1:5500',
      member: { name: 'example', password: 'p"w' },
      teamMember: 'ada',
      spoolDir: '/home/ada/.soen/spool',
    }),
  ).toBe(
    [
      'logging:',
      '  mlflow_active: true',
      '  mlflow_tracking_uri: "http://127.0.0.1:5500"',
      '  mlflow_username: "example"',
      String.raw`  mlflow_password: "p\"w"`,
      '  team_member: "ada"',
      '  spool_dir: "/home/ada/.soen/spool"',
      '',
    ].join('\n'),
  )
})

test('reads which run was logged', () => {
  const line = JSON.stringify({
    runId: 'a1',
    experimentId: '1',
    name: 'fit',
    metrics: { 'train_loss/total': 2e-4, 'val_loss/total': 1.2e-4 },
    receipt: { delivered: 812, spooled: 0 },
  })
  expect(parseResult(line)).toEqual({
    runId: 'a1',
    experimentId: '1',
    name: 'fit',
    summary: 'val_loss 1.20e-4, 812 items delivered',
  })
})

test('says no loss of a training that does not tell one', () => {
  const ids = { runId: 'a1', experimentId: '1', name: 'fit', receipt: { delivered: 3, spooled: 0 } }
  for (const metrics of [undefined, {}, { 'val_loss/total': null }]) {
    expect(parseResult(JSON.stringify({ ...ids, metrics })).summary).toBe('3 items delivered')
  }
})

test.each([
  ['', 'its last line is not a result'],
  ['{"runId":null,"receipt":{}}', 'it never reached the server'],
  [
    '{"runId":"a","experimentId":"1","name":"n","receipt":{"delivered":1,"spooled":7}}',
    '7 items still to be delivered',
  ],
])('says why «%s» is no logged run', (line, reason) => {
  expect(() => parseResult(line)).toThrow(reason)
})
