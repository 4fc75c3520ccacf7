import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openRotatingLog } from './rotating-log.ts'

const newPath = () => join(mkdtempSync(join(tmpdir(), 'soen-log-')), 'logs', 'mlflow.log')

test('appends to what an earlier start wrote', () => {
  const path = newPath()
  for (const line of ['one\n', 'two\n']) {
    const log = openRotatingLog({ path })
    log.write(line)
    log.close()
  }
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
})

test('puts a full log aside and keeps one', () => {
  const path = newPath()
  const log = openRotatingLog({ path, maxBytes: 10 })
  for (const line of ['first\n', 'second\n', 'third\n']) log.write(line)
  log.close()
  expect(readFileSync(path, 'utf8')).toBe('third\n')
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('second\n')
})

test('is readable by its owner alone', () => {
  const path = newPath()
  openRotatingLog({ path }).close()
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('takes all that a stream prints', async () => {
  const path = newPath()
  const log = openRotatingLog({ path })
  const stream = Readable.from([Buffer.from('a'), Buffer.from('b\n')])
  log.follow(stream)
  await once(stream, 'end')
  log.write('after\n')
  log.close()
  log.write('never\n')
  expect(readFileSync(path, 'utf8')).toBe('ab\nafter\n')
})
