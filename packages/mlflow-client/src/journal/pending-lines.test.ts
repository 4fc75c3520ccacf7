import { expect, test } from 'vitest'
import { PendingLines } from './pending-lines.ts'

function filled(...names: readonly string[]): PendingLines {
  const pending = new PendingLines()
  for (const name of names)
    pending.push({ json: name.padEnd(100), items: 1, expendable: name.startsWith('m') })
  return pending
}

function namesIn(pending: PendingLines): string[] {
  return pending.peek().lines.map(({ json }) => json.trim())
}

test('lets go of lines by number, whatever went before', () => {
  const pending = filled('m1', 'm2', 'm3')
  const { through } = pending.peek(2)
  pending.push({ json: 'm4', items: 1, expendable: true })
  pending.discardThrough(through)
  pending.discardThrough(through)
  expect(namesIn(pending)).toEqual(['m3', 'm4'])
  expect(pending.bytes).toBe(102)
})

test('drops the oldest metrics first, and nothing else', () => {
  const pending = filled('m1', 'param', 'm2', 'm3', 'm4', 'm5')
  expect(pending.enforceCap(400)).toBe(3)
  expect(namesIn(pending)).toEqual(['param', 'm4', 'm5'])
})

test('keeps parameters and the end even beyond the cap', () => {
  const pending = filled('param', 'end')
  expect(pending.enforceCap(10)).toBe(0)
  expect(namesIn(pending)).toEqual(['param', 'end'])
})

test('drops nothing below the cap', () => {
  expect(filled('m1', 'm2').enforceCap(200)).toBe(0)
})
