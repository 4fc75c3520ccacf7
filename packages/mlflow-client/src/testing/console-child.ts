import { captureConsole } from '../training/capture-console.ts'
import { Client } from '../run/client.ts'
import { testSettings } from './settings.ts'

// Writes to both streams while two runs capture them, and finally prints whether the streams were restored.
const [trackingUri = '', spoolDir = ''] = process.argv.slice(2)
const say = (text: string): boolean => process.stdout.write(`${text}\n`)
const writeBefore = Reflect.get(process.stdout, 'write')
const client = new Client(testSettings(trackingUri, spoolDir))
const [first, second] = [client.startRun({ name: 'first' }), client.startRun({ name: 'second' })]
say('before')
captureConsole(first, { maxCharacters: 1000 })
const stop = captureConsole(second)
say('\u001B[32mgreen\u001B[39m 1')
process.stderr.write('to stderr\n')
process.stdout.write(Buffer.from('größ').subarray(0, 4))
process.stdout.write(Buffer.from('größ').subarray(4))
process.stdout.write('e\n')
for (let done = 0; done <= 100; done += 1) process.stdout.write(`\r${done} %`)
process.stdout.write('\n')
await first.flush()
stop()
say('only the first')
await second.end()
await first.end()
await client.close()
say('after')
say(Reflect.get(process.stdout, 'write') === writeBefore ? 'restored' : 'changed')
