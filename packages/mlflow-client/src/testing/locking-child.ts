// A process that takes a journal's lock when told to, prints whether it got it, and holds it until its input ends.
import { once } from 'node:events'
import { takeLock } from '../node/lock.ts'

const [folder = ''] = process.argv.slice(2)
process.stdout.write('ready\n')
await once(process.stdin, 'data')
process.stdout.write(takeLock(folder) ? 'taken\n' : 'refused\n')
process.stdin.resume()
await once(process.stdin, 'end')
