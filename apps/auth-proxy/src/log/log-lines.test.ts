import { expect, it, vi } from 'vitest'
import { gatherLines } from './log-lines.ts'

const line = '{"level":30,"msg":"request"}\n'
const failure = '{"level":50,"msg":"broken"}\n'

function gather(options = {}): {
  readonly written: string[]
  readonly lines: ReturnType<typeof gatherLines>
} {
  const written: string[] = []
  return { written, lines: gatherLines({ write: (text) => void written.push(text) }, options) }
}

it('hands routine lines on together, in order, after a moment', async () => {
  const { written, lines } = gather({ maxHeldMs: 10 })
  lines.write(line)
  lines.write(line)
  expect(written).toEqual([])
  await vi.waitFor(() => expect(written).toEqual([line + line]))
})

it('writes an error at once, after what came before it', () => {
  const { written, lines } = gather()
  lines.write(line)
  lines.write(failure)
  expect(written).toEqual([line + failure])
})

it('holds no more than it may, and nothing after a flush', () => {
  const { written, lines } = gather({ maxHeldChars: 2 * line.length })
  lines.write(line)
  lines.write(line)
  lines.write(line)
  expect(written).toEqual([line + line])
  lines.flush()
  lines.flush()
  expect(written).toEqual([line + line, line])
})
