import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AuthProxyError, hasErrorCode } from '../errors/auth-proxy-error.ts'
import { listFiles, readTail } from './folder.ts'
import { canonicalJson } from './record.ts'
import type { ChainMark } from './record.ts'

/** The head of a chain at some time, signed with a key that the front door's user cannot read. */
export interface SignedHead extends ChainMark {
  /** ISO 8601 in UTC. */
  readonly time: string
  /** Ed25519 over the canonical JSON of the other fields, in base64. */
  readonly signature: string
}

/** All signed heads of a folder, in the order in which they were signed, and those with an invalid signature. */
export interface Signatures {
  readonly heads: readonly SignedHead[]
  /** Line numbers, from 1. */
  readonly invalid: readonly number[]
}

const names = { privateKey: 'key.pem', publicKey: 'public.pem', heads: 'heads.jsonl' } as const

/**
 * Signs the head of each chain of audit files that has grown since it was last signed, with a key that is created
 * at the first call. Returns how many heads it signed.
 *
 * @throws AuthProxyError `SOEN_AUDIT_FOLDER`
 */
export async function signHeads(
  auditFolder: string,
  folder: string,
  now: Date = new Date(),
): Promise<number> {
  try {
    const key = await keyIn(folder)
    const { heads } = await readSignatures(folder)
    const signed = new Map(heads.map(({ writer, seq }) => [writer, seq]))
    const grown = (await headsOf(auditFolder)).filter(({ writer, seq }) => seq > (signed.get(writer) ?? 0))
    const lines = grown.map((head) => `${JSON.stringify(signHead(key, head, now))}\n`)
    if (lines.length > 0)
      await appendFile(join(folder, names.heads), lines.join(''), { mode: 0o644, flush: true })
    return grown.length
  } catch (cause) {
    throw new AuthProxyError({
      code: 'SOEN_AUDIT_FOLDER',
      message: `The audit cannot be signed in ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'Give --signatures a folder of the user who signs, which must be another one than the front door’s.',
      cause,
    })
  }
}

/** Reads the signed heads; none where there is no signing. */
export async function readSignatures(folder: string): Promise<Signatures> {
  const lines = (await textOf(join(folder, names.heads)))?.split('\n') ?? []
  const publicKey = await textOf(join(folder, names.publicKey))
  if (publicKey === undefined) return { heads: [], invalid: [] }
  const key = createPublicKey(publicKey)
  const heads: SignedHead[] = []
  const invalid: number[] = []
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    const head = readHead(line, key)
    if (head === undefined) invalid.push(index + 1)
    else heads.push(head)
  }
  return { heads, invalid }
}

/** The last record of each chain. */
async function headsOf(auditFolder: string): Promise<readonly ChainMark[]> {
  const heads = new Map<string, ChainMark>()
  for (const { name } of await listFiles(auditFolder)) {
    const { record } = await readTail(auditFolder, name)
    if (record === undefined) continue
    const { writer, seq, hash } = record
    heads.set(writer, { writer, seq, hash })
  }
  return [...heads.values()]
}

function signHead(key: KeyObject, { writer, seq, hash }: ChainMark, now: Date): SignedHead {
  const head = { writer, seq, hash, time: now.toISOString() }
  return { ...head, signature: sign(null, Buffer.from(canonicalJson(head)), key).toString('base64') }
}

function readHead(line: string, key: KeyObject): SignedHead | undefined {
  try {
    const { signature, ...head }: SignedHead = JSON.parse(line)
    const isValid = verify(null, Buffer.from(canonicalJson(head)), key, Buffer.from(signature, 'base64'))
    return isValid ? { ...head, signature } : undefined
  } catch {
    return undefined
  }
}

async function keyIn(folder: string): Promise<KeyObject> {
  const path = join(folder, names.privateKey)
  const existing = await textOf(path)
  if (existing !== undefined) return createPrivateKey(existing)
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  await writeFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  })
  await writeFile(join(folder, names.publicKey), publicKey.export({ type: 'spki', format: 'pem' }), {
    mode: 0o644,
  })
  return privateKey
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined
    throw error
  }
}
