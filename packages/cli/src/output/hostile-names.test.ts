import { expect, it } from 'vitest'
import { createTerminal } from './terminal.ts'

/** Clears the screen in two ways, overwrites its line, and reverses the reading direction. */
const name = 'a\u001b[2J\u009b2J\r\u202eb'
const shown = String.raw`a\u001b[2J\u009b2J\u000d\u202eb`

it.each([false, true])(
  'lets no name act on the terminal, by whatever way it gets there (JSON: %s)',
  async (isJson) => {
    const written: string[] = []
    const stream = { write: (text: string) => Boolean(written.push(text)), isTTY: false }
    const terminal = createTerminal({
      stdout: stream,
      stderr: stream,
      isJson,
      isDebug: false,
      inClone: undefined,
    })
    terminal.result(name)
    terminal.json({ name })
    terminal.note(name)
    terminal.warn(name)
    terminal.error(new Error(name, { cause: new Error(name) }))
    await terminal.step(name, async () => undefined)
    expect(written.length).toBeGreaterThan(6)
    const text = written.join('')
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    expect(text).toContain(shown)
  },
)
