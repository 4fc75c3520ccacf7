import { describe, expect, test } from 'vitest'
import { sanitizeName } from './sanitize.ts'

describe('sanitizeName', () => {
  test.each([
    ['val_loss/total', 'val_loss_total'],
    ['val/AR@100', 'val_AR_at_100'],
    ['timing(s)/gen', 'timing_s_gen'],
    ['cpu%', 'cpu_pct'],
    ['loss🔥', 'loss'],
    ['a__b', 'a__b'],
    ['损失 é.x-1:2', '损失 é.x-1:2'],
    ['/abs', 'abs'],
    ['..', '_'],
    ['.', '_'],
    ['../x', '__x'],
    ['...hidden', '_hidden'],
    ['', 'unnamed'],
    ['system/cpu_utilization_percentage', 'system/cpu_utilization_percentage'],
  ])('%s becomes %s', (original, clean) => {
    expect(sanitizeName(original)).toBe(clean)
  })

  test('keeps slashes on demand, in the normal form that MLflow demands', () => {
    const keep = { keepSlashes: true }
    expect(sanitizeName('val_loss/total', keep)).toBe('val_loss/total')
    expect(sanitizeName('/a//b/../c/', keep)).toBe('a/b/c')
  })

  test('cuts at 250 letters with a hash that tells long names apart', () => {
    const names = ['a', 'b'].map((end) => sanitizeName('损'.repeat(300) + end))
    expect(names.map((name) => Array.from(name).length)).toEqual([250, 250])
    expect(names[0]).not.toBe(names[1])
    expect(names[0]).toMatch(/^损{241}_[0-9a-f]{8}$/)
  })
})
