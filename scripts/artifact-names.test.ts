import { expect, test } from 'vitest'
import { readArtifactName } from '../apps/auth-proxy/src/canonical/artifact-name.ts'
import { toStorablePath } from '../packages/mlflow-client/src/artifacts/path.ts'

/** Every character that is a single UTF-16 unit, and some that take several. */
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
  const refused = NAMES.map(toStorablePath).filter((name) => !arrives(name))
  expect(refused).toEqual([])
  const changed = NAMES.filter((name) => /^a[^#]b\.png$/su.test(name) && toStorablePath(name) !== name)
  // It would separate folders where somebody downloads it to Windows.
  expect(changed.filter(arrives)).toEqual([String.raw`a\b.png`])
})

/** Whether a file of this name is found under the same name. A lone surrogate has no encoding, and never arrives. */
function arrives(name: string): boolean {
  return name.isWellFormed() && readArtifactName(encodeURIComponent(name))?.join('/') === name
}
