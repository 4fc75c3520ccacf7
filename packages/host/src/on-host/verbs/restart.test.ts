import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { thisMachine } from '../../machine/machine.ts'
import { readAudit } from '../audit.ts'
import { restart } from './restart.ts'

test('leaves a line in the audit where systemd can not restart a unit', async () => {
  using root = mkdtempDisposableSync(join(tmpdir(), 'soen-restart-'))
  writeFileSync(join(root.path, 'systemctl'), '#!/bin/sh\necho Job failed >&2\nexit 1\n', { mode: 0o755 })
  writeFileSync(join(root.path, 'journalctl'), '#!/bin/sh\necho No such key\n', { mode: 0o755 })
  const machine = thisMachine({ root: root.path, env: { PATH: `${root.path}:${process.env['PATH']}` } })
  const us = { by: 'ada@laptop', version: '1.2.3' }
  const around = { machine, say: () => {}, signal: new AbortController().signal }
  await expect(restart.run(us, around)).rejects.toMatchObject({
    code: 'SOEN_NOT_HEALTHY',
    message: 'soen-mlflow.service does not start.',
    cause: {
      message: 'Its last words:\nNo such key',
      cause: { message: expect.stringContaining('Job failed') },
    },
  })
  expect(await readAudit(machine)).toMatchObject([
    { ...us, verb: 'restart', result: 'failed', code: 'SOEN_NOT_HEALTHY' },
  ])
})
