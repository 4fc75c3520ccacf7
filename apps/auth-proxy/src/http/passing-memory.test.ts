import { expect, it } from 'vitest'
import { notePassing } from './passing-memory.ts'

function held(): number {
  return process.memoryUsage().arrayBuffers
}

it('frees what passed through, though nothing else asks for memory', () => {
  const sizeBytes = 64 * 1024
  const before = held()
  let most = 0
  for (let passed = 0; passed < 1024; passed += 1) {
    const chunk = Buffer.allocUnsafeSlow(sizeBytes)
    notePassing(chunk.length)
    most = Math.max(most, held() - before)
  }
  expect(most).toBeLessThan(24 * 1024 * 1024)
})
