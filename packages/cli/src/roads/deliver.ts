import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { text } from 'node:stream/consumers'
import { createGzip } from 'node:zlib'
import { payloadStore } from '@soen/host'
import { CliError, type CliErrorCode } from '../errors.ts'
import type { CarriedFile } from '../payload/carried-file.ts'
import type { RootAccess } from './root-access.ts'
import type { RemoteProgram } from './ssh-connection.ts'

const receiver = new URL('../../delivery/receive.py', import.meta.url)

/** The files on the machine after a delivery. */
export interface Delivered {
  /** The folder of this call alone, which must be removed. */
  readonly temporaryFolder: string | undefined
  readonly sentBytes: number
  readonly sentFiles: readonly string[]
  /** The path of a file on the machine. */
  place(path: string): string
}

/** How files are delivered. */
export interface DeliverOptions {
  /** Delivers to a temporary folder that the caller removes, for a look at the machine that changes nothing. */
  readonly isTemporary?: boolean
  readonly onSending?: (file: CarriedFile) => void
}

/**
 * Delivers to the machine the files whose hash it does not have; the machine's Python verifies each hash.
 *
 * @throws CliError `SOEN_DISK_FULL`, `SOEN_READ_ONLY_ROOT`, `SOEN_PAYLOAD_DAMAGED`, `SOEN_SSH_LOST`
 */
export async function deliver(
  root: RootAccess,
  files: readonly CarriedFile[],
  { isTemporary = false, onSending = () => {} }: DeliverOptions = {},
): Promise<Delivered> {
  const script = await readFile(receiver)
  const bootstrap = `import sys; exec(sys.stdin.buffer.read(${script.byteLength}))`
  const program = root.start(['python3', '-c', bootstrap])
  const said = text(program.stderr)
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<Answer> => {
    let { value } = await lines.next()
    // Other output of the machine is not an answer.
    while (value !== undefined && !value.startsWith('{"')) ({ value } = await lines.next())
    if (value === undefined) throw root.lost(await said)
    const read: Answer = JSON.parse(value)
    if (read.error !== undefined) throw refused(root, read.error)
    return read
  }
  try {
    program.stdin.write(script)
    const wanted = files.map(({ sha256, path }) => ({ sha256, isProgram: path.startsWith('bin/') }))
    program.stdin.write(`${JSON.stringify({ store: isTemporary ? null : payloadStore, files: wanted })}\n`)
    const { store = '', places = {}, missing = [] } = await answer()
    const sent = files.filter(({ sha256 }) => missing.includes(sha256))
    const end = answer()
    // A refusal is handled at the end; until then its rejection must not end the process while the rest is being
    // sent.
    end.catch(() => {})
    for (const file of ordered(sent, missing)) {
      onSending(file)
      await send(program, file).catch(() => {})
    }
    await end
    return {
      temporaryFolder: isTemporary ? store : undefined,
      sentBytes: sent.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      sentFiles: sent.map(({ path }) => path),
      place: (path) => places[files.find((file) => file.path === path)?.sha256 ?? ''] ?? '',
    }
  } finally {
    program.stdin.end()
  }
}

interface Answer {
  readonly store?: string
  readonly places?: Readonly<Record<string, string>>
  readonly missing?: readonly string[]
  readonly error?: { readonly code: ReceiverCode; readonly message: string }
}

function ordered(files: readonly CarriedFile[], order: readonly string[]): readonly CarriedFile[] {
  return files.toSorted((a, b) => order.indexOf(a.sha256) - order.indexOf(b.sha256))
}

/** Gzipped, in length-prefixed blocks; an empty block marks the end. */
async function send({ stdin }: RemoteProgram, { source }: CarriedFile): Promise<void> {
  await pipeline(
    createReadStream(source),
    createGzip({ level: 1 }),
    async function* (blocks) {
      for await (const block of blocks) yield* [lengthOf(block), block]
      yield lengthOf(Buffer.alloc(0))
    },
    async (parts: AsyncIterable<Buffer>) => {
      for await (const part of parts) await written(stdin, part)
    },
  )
}

function written(stdin: RemoteProgram['stdin'], part: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    stdin.write(part, (error) => (error ? reject(error) : resolve()))
  })
}

function lengthOf({ byteLength }: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(byteLength)
  return length
}

/** The codes with which delivery/receive.py refuses further files. */
export type ReceiverCode = Extract<
  CliErrorCode,
  'SOEN_DISK_FULL' | 'SOEN_READ_ONLY_ROOT' | 'SOEN_PAYLOAD_DAMAGED' | 'SOEN_PAYLOAD_REFUSED' | 'SOEN_SSH_LOST'
>

interface Refusal {
  readonly what: (address: string) => string
  readonly hint: string
  readonly page?: 'server'
}

const unnamed: Refusal = {
  what: (address) => `${address} did not take what was carried to it.`,
  hint: 'Run the same command again; if it fails again, mend what the machine says above.',
}

/** What each code means to the user. */
export const receiverRefusals: Readonly<Record<ReceiverCode, Refusal>> = {
  SOEN_DISK_FULL: {
    what: (address) => `The disk of ${address} is full.`,
    hint: 'Free about 3 GB on it (what is large: sudo du -xh / | sort -h | tail), then run the same command again.',
    page: 'server',
  },
  SOEN_READ_ONLY_ROOT: {
    what: (address) => `The disk of ${address} can only be read.`,
    hint: 'Find out why its disk can not be written (sudo dmesg | tail), mend it, and remount: sudo mount -o remount,rw /',
  },
  SOEN_PAYLOAD_DAMAGED: unnamed,
  SOEN_PAYLOAD_REFUSED: unnamed,
  SOEN_SSH_LOST: { ...unnamed, hint: 'Run the same command again: what has arrived is not sent twice.' },
}

function refused({ address }: RootAccess, { code, message }: NonNullable<Answer['error']>): CliError {
  const { what, hint, page } = receiverRefusals[code]
  return new CliError(what(address), { code, hint, page, cause: new Error(message) })
}
