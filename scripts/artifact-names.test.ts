import { expect, test } from 'vitest'
import { artifactSegment } from '../apps/auth-proxy/src/canonical/segment.ts'
import { toStorablePath } from '../packages/mlflow-client/src/artifacts/path.ts'

/** Every character that one UTF-16 unit can be, and what is made of several. */
const NAMES = [
  ...Array.from({ length: 0x10000 }, (_, unit) => `a${String.fromCharCode(unit)}b.png`),
  'lr=0.1;bs=32.png',
  '%2e%2e',
  'a%252541b',
  '100%',
  '%%41',
  'x;?',
  'what?;',
  '模型😀.ckpt',
].filter((name) => !name.includes('/'))

test('the front door takes every name that the client leaves, and the client changes none that it need not', () => {
  const refused = NAMES.filter(
    (name) => artifactSegment(encodeURIComponent(toStorablePath(name))) === undefined,
  )
  expect(refused).toEqual([])
  const changed = NAMES.filter((name) => /^a[^#]b\.png$/su.test(name) && toStorablePath(name) !== name)
  expect(changed.filter((name) => artifactSegment(encodeSafely(name)) !== undefined)).toEqual([])
})

/** Half a character has no encoding, and arrives nowhere. */
function encodeSafely(name: string): string {
  return name.isWellFormed() ? encodeURIComponent(name) : '%'
}
