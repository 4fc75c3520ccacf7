import { expect, test } from 'vitest'
import { CliError } from '../errors.ts'
import { createTerminal, type TerminalOptions } from './terminal.ts'

function capture(options: TerminalOptions = {}, isTTY = false) {
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY,
    write: (text: string) => {
      written[name] += text
      return true
    },
  })
  return {
    written,
    terminal: createTerminal({ ...options, stdout: stream('stdout'), stderr: stream('stderr') }),
  }
}

const busy = new CliError('Port 5500 is taken.', {
  code: 'SOEN_PORT_BUSY',
  hint: 'Choose another with --port.',
})

test('keeps the result apart from the words around it', () => {
  const { terminal, written } = capture()
  terminal.note('waiting')
  terminal.result('http://127.0.0.1:5500')
  expect(written).toEqual({ stdout: 'http://127.0.0.1:5500\n', stderr: 'waiting\n' })
})

test('shows an error with its code and the next step', () => {
  const { terminal, written } = capture()
  terminal.error(busy)
  expect(written.stdout).toBe('')
  expect(written.stderr).toContain('Port 5500 is taken.')
  expect(written.stderr).toContain('SOEN_PORT_BUSY')
  expect(written.stderr).toContain('→ Choose another with --port.')
})

test('tells once, in a clone, how soen is typed there', () => {
  const { terminal, written } = capture({ inClone: 'In this clone …' })
  terminal.error(
    new CliError('soen up ended.', { code: 'SOEN_NO_LOGS', hint: 'Its last words: `soen logs`.' }),
  )
  terminal.note('See it: soen status')
  terminal.result('soen up')
  expect(written.stderr).toBe(
    `✗ soen up ended. (SOEN_NO_LOGS)
  → Its last words: \`soen logs\`.
  In this clone …
  More: the guide, /troubleshooting/local/#soen_no_logs
See it: soen status
`,
  )
  expect(written.stdout).toBe('soen up\n')
})

test('gives a program the error as JSON', () => {
  const { terminal, written } = capture({ isJson: true })
  terminal.error(busy)
  expect(JSON.parse(written.stdout)).toMatchObject({
    error: { code: 'SOEN_PORT_BUSY', docs: '/troubleshooting/local/#soen_port_busy' },
  })
})

test('says what a long step does and how long it took', async () => {
  const { terminal, written } = capture()
  expect(await terminal.step('Starting MLflow', async () => 42)).toBe(42)
  expect(written.stderr).toMatch(/^… Starting MLflow\n.*✓.* Starting MLflow .*\d\.\d s.*\n$/s)
})

test('gives no tick to a step that ended without what was wanted', async () => {
  const { terminal, written } = capture()
  await terminal.step(
    'Delivering',
    async () => 'left',
    (outcome) => outcome === 'delivered',
  )
  expect(written.stderr).toMatch(/^… Delivering\n! Delivering \d\.\d s\n$/)
})

test('marks a step that failed and passes the error on', async () => {
  const { terminal, written } = capture()
  await expect(terminal.step('Starting MLflow', () => Promise.reject(busy))).rejects.toBe(busy)
  expect(written.stderr).toMatch(/✗.* Starting MLflow/)
})

test('colours what a person looks at, and nothing that is kept in a file', () => {
  const [person, file] = [capture({}, true), capture({}, false)]
  for (const { terminal } of [person, file]) terminal.warn('careful')
  expect(file.written.stderr).toBe('! careful\n')
  expect(person.written.stderr).toBe('\u001B[33m!\u001B[39m careful\n')
})
