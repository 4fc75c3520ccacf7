import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, inject, it } from 'vitest'
import { Refusal } from '../errors/refusals.ts'
import type { ScalarKind } from '../routes/field.ts'
import { seededRandom } from '../testing/random-requests.ts'
import { readable, unreadable } from '../testing/scalar-samples.ts'
import { isReadable } from './scalar.ts'
import { parseStrictJson } from './strict-json.ts'

type Sample = readonly [ScalarKind, json: string]
const samples = (table: typeof readable): readonly Sample[] =>
  table.flatMap(([kind, values]) => values.map((json): Sample => [kind, json]))

/** The value as the front door would forward it; undefined when it refuses. */
function forwarded([kind, json]: Sample): Sample | undefined {
  try {
    const { value = null } = parseStrictJson(Buffer.from(`{"value":${json}}`))
    return isReadable[kind](value) ? [kind, JSON.stringify(value)] : undefined
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

async function unreadByMlflow(sent: readonly Sample[]): Promise<readonly Sample[]> {
  const script = fileURLToPath(new URL('../testing/python/read_scalars.py', import.meta.url))
  const python = spawn(inject('mlflow').python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  python.stdin.end(sent.map((sample) => `${JSON.stringify(sample)}\n`).join(''))
  const answers = (await text(python.stdout)).trim().split('\n')
  expect(answers).toHaveLength(sent.length)
  return sent.filter((_sample, index) => answers[index] !== 'true')
}

it('lets nothing through at which the parser of MLflow would stop', async () => {
  const seed = Number(process.env['SOEN_SEED'] ?? Date.now() % 2 ** 32)
  const random = seededRandom(seed)
  const characters = Array.from('0123456789-+:.,TZsenaA_=/ "\\[]{}é\0')
  const pick = <Item>(items: readonly Item[], fallback: Item): Item =>
    items[Math.floor(random() * items.length)] ?? fallback
  const known = [...samples(readable), ...samples(unreadable)]
  const changed = Array.from({ length: 40_000 }, (): Sample => {
    const [kind] = pick(known, ['string', '""'])
    // A value of its own kind mostly; now and then one of another.
    const own = known.filter(([other]) => other === kind || random() < 0.02)
    let [, json] = pick(own, ['string', '""'])
    for (let edits = Math.floor(random() * 4); edits > 0; edits -= 1) {
      const at = Math.floor(random() * json.length)
      json =
        json.slice(0, at) + (random() < 0.7 ? pick(characters, '') : '') + json.slice(at + pick([0, 1], 0))
    }
    return [kind, json]
  })

  const letThrough = changed.map(forwarded).filter((sample) => sample !== undefined)
  expect(letThrough.length).toBeGreaterThan(changed.length / 10)
  expect({ seed, unread: await unreadByMlflow([...samples(readable), ...letThrough]) }).toEqual({
    seed,
    unread: [],
  })
})
