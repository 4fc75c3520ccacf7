import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { Refusal } from '../errors/refusals.ts'
import { basic } from '../testing/auth-proxy.ts'
import { openLiveAuthProxy } from '../testing/live-auth-proxy.ts'
import { seededRandom } from '../testing/random-requests.ts'
import { sendRaw } from '../testing/raw-request.ts'
import { canonicalTarget } from './path.ts'

let door: Awaited<ReturnType<typeof openLiveAuthProxy>>
beforeAll(async () => {
  door = await openLiveAuthProxy(inject('mlflow').socketPath)
})
afterAll(() => door[Symbol.asyncDispose]())

const mlflow = inject('mlflow').trackingUri
const headers = { authorization: basic('bob') }
const root = '/api/2.0/mlflow-artifacts/artifacts'
/** Characters that some reader between here and the disk might remove or confuse. */
const blanks = [' ', '\u00a0', '\u3000', '\ufeff', '\u200b', '\u2028', '\u0085', '\t', '\n', '\0', '+']
const signs = [
  '.',
  './',
  '/',
  '//',
  '/./',
  '../',
  ':',
  ';',
  ';x',
  ';?',
  '~',
  '*',
  '"',
  '?',
  '#',
  '%',
  '\\',
  'a/../',
  '@',
  '$HOME',
]
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
  (text) => encodeURIComponent(text).replaceAll('.', '%2E'),
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
    // Byte by byte: other senders tidy paths up.
    const finds = async (server: string, target: string): Promise<boolean> => {
      const head = [`GET ${target} HTTP/1.1`, 'host: localhost', `authorization: ${headers.authorization}`]
      return (await sendRaw(Number(new URL(server).port), head)).body === plain
    }
    expect(await finds(door.url, plain)).toBe(true)

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
      const isTheFile = path === plain
      const seen = {
        seed,
        target,
        byMlflow: await finds(mlflow, target),
        byUs: await finds(door.url, target),
      }
      // MLflow answers some spellings of it with a redirect, which is not another file.
      expect(seen).toEqual({ seed, target, byMlflow: isTheFile && seen.byMlflow, byUs: isTheFile })
    }
    // Neither everything nor nothing may pass, or the comparison proves little.
    expect(passed).toBeGreaterThan(50)
    expect(passed).toBeLessThan(550)
  },
)
