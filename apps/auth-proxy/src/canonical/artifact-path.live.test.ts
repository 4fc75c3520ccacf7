import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { Refusal } from '../errors/refusals.ts'
import { basic } from '../testing/auth-proxy.ts'
import { openLiveAuthProxy } from '../testing/live-auth-proxy.ts'
import { seededRandom } from '../testing/random-requests.ts'
import { canonicalTarget } from './path.ts'

let door: Awaited<ReturnType<typeof openLiveAuthProxy>>
beforeAll(async () => {
  door = await openLiveAuthProxy(inject('mlflow').socketPath)
})
afterAll(() => door[Symbol.asyncDispose]())

const headers = { authorization: basic('bob') }
const root = '/api/2.0/mlflow-artifacts/artifacts'
/** What some reader between here and the disk might take away, or take for something else. */
const blanks = [' ', '\u00a0', '\u3000', '\ufeff', '\u200b', '\u2028', '\u0085', '\t', '\n', '\0', '+']
const signs = ['.', './', '/', '//', ':', ';', '~', '*', '"', '?', '#', '%', '\\', 'a/../', '@', '$HOME']
const schemes = [
  'file:',
  'FILE:',
  'file://',
  'file:///',
  'file://localhost/',
  'x:',
  's3://',
  'mlflow-artifacts:/',
]
const odd = [...blanks, ...signs, ...schemes]
/** How often it is encoded, and what of it besides what must be. */
const spellings: readonly ((text: string) => string)[] = [
  encodeURIComponent,
  (text) => encodeURIComponent(encodeURIComponent(text)),
  (text) => text.replaceAll(/[^\u0021-\u007e]/g, (character) => encodeURIComponent(character)),
]

function readByUs(target: string): string | undefined {
  try {
    return canonicalTarget(target).path
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

it(
  'MLflow finds a file under no other path than the one that rules and audit see',
  { timeout: 900_000 },
  async () => {
    const seed = Number(process.env['SOEN_SEED'] ?? Date.now() % 2 ** 32)
    const random = seededRandom(seed)
    const pick = <Item>(items: readonly Item[], fallback: Item): Item =>
      items[Math.floor(random() * items.length)] ?? fallback
    const segments = [`1${Date.now()}`, 'run', 'artifacts', 'note.txt']
    const plain = `${root}/${segments.join('/')}`
    await fetch(door.url + plain, { method: 'PUT', headers, body: plain })
    expect(await (await fetch(door.url + plain, { headers })).text()).toBe(plain)

    let passed = 0
    for (let count = 0; count < 600; count += 1) {
      const spelled = [...segments]
      for (let changes = random() < 0.7 ? 1 : 2; changes > 0; changes -= 1) {
        const at = Math.floor(random() * segments.length)
        const [before, text] = [random() < 0.5, pick(spellings, encodeURIComponent)(pick(odd, ' '))]
        spelled[at] = before ? `${text}${spelled[at]}` : `${spelled[at]}${text}`
      }
      const target = `${root}/${spelled.join('/')}`
      const path = readByUs(target)
      if (path === undefined) continue
      passed += 1
      // By our own spelling of it, as it is sent on.
      const answer = await fetch(door.url + canonicalTarget(target).forwardedPath, { headers })
      const isTheFile = (await answer.text()) === plain
      expect({ seed, target, isTheFile }).toEqual({ seed, target, isTheFile: path === plain })
    }
    // Neither everything nor nothing may pass, or the comparison says little.
    expect(passed).toBeGreaterThan(50)
    expect(passed).toBeLessThan(550)
  },
)
