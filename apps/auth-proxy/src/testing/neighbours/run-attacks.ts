/** Runs all attacks at once in a process of their own: `node run-attacks.ts SITE`, until its stdin ends. */
import { once } from 'node:events'
import { attacks, type Neighbourhood } from './attacks.ts'

const site: Neighbourhood = JSON.parse(process.argv[2] ?? '')
const over = new AbortController()
const answers = new Map<string, number>()
const all = Object.entries(attacks).flatMap(([name, { loops, attack }]) =>
  Array.from({ length: loops }, () =>
    attack(site, over.signal, (status) => {
      const key = `${name}: ${status || 'broken off'}`
      answers.set(key, (answers.get(key) ?? 0) + 1)
    }),
  ),
)
await once(process.stdin.resume(), 'end')
over.abort()
await Promise.all(all)
for (const [what, count] of answers) process.stdout.write(`${what} × ${count}\n`)
