import { mkdtempDisposableSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openRotatingLog } from './rotating-log.ts'

const temporaryFolder = () => mkdtempDisposableSync(join(tmpdir(), 'soen-log-'))
const pathIn = (folder: { path: string }) => join(folder.path, 'logs', 'mlflow.log')

test('appends to what an earlier start wrote', () => {
  using folder = temporaryFolder()
  const path = pathIn(folder)
  for (const line of ['one\n', 'two\n']) {
    const log = openRotatingLog({ path })
    log.write(line)
    log.close()
  }
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
})

test('puts a full log aside and keeps one', () => {
  using folder = temporaryFolder()
  const path = pathIn(folder)
  const log = openRotatingLog({ path, maxBytes: 10 })
  for (const line of ['first\n', 'second\n', 'third\n']) log.write(line)
  log.close()
  expect(readFileSync(path, 'utf8')).toBe('third\n')
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('second\n')
})

test('is readable by its owner alone', () => {
  using folder = temporaryFolder()
  const path = pathIn(folder)
  openRotatingLog({ path }).close()
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('takes all that a stream prints', async () => {
  using folder = temporaryFolder()
  const path = pathIn(folder)
  const log = openRotatingLog({ path })
  const stream = Readable.from([Buffer.from('a'), Buffer.from('b\n')])
  log.follow(stream)
  await once(stream, 'end')
  log.write('after\n')
  log.close()
  log.write('never\n')
  expect(readFileSync(path, 'utf8')).toBe('ab\nafter\n')
})
