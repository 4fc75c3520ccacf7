import { Document, isMap, isScalar, type YAMLMap } from 'yaml'
import { annotations } from './example.ts'
import { parseSettings } from './parse.ts'

/** The answers needed for a server on a machine that SSH reaches. */
export interface SshAnswers {
  /** Name of the target. */
  readonly name: string
  readonly address: string
  readonly user?: string | undefined
  readonly port?: number | undefined
  readonly jump?: readonly string[]
  readonly domain: string
  readonly tls: 'acme' | 'internal' | 'none'
  /** The address for mail from the certificate authority. */
  readonly email?: string | undefined
  /** `disk` or `s3://BUCKET/FOLDER`. */
  readonly artifacts: string
}

const head = ` soen.yaml says where your team's tracking servers live. It is safe to commit: passwords, tokens
 and keys are refused here. Every other key: \`soen init --print-example\`.`

/**
 * The text of a settings file with these answers, each key documented in the words of the annotated example.
 *
 * @throws SettingsError for an invalid answer
 */
export function settingsTemplate(answers: SshAnswers): string {
  const { name, address, user, port, jump = [], domain, tls, email, artifacts } = answers
  const targets = {
    [name]: {
      where: 'ssh',
      host: {
        address,
        ...(user !== undefined && { user }),
        ...(port !== undefined && { port }),
        ...(jump.length > 0 && { jump }),
      },
      domain,
      tls: { mode: tls, ...(tls === 'acme' && email !== undefined && { email }) },
      database: 'postgres',
      artifacts: { uri: artifacts },
    },
  }
  const document = new Document({ targets })
  parseSettings(document.toString())
  document.commentBefore = head
  if (isMap(document.contents)) annotate(document.contents, '', annotations())
  return document.toString({ lineWidth: 0 })
}

function annotate(map: YAMLMap, parent: string, words: ReturnType<typeof annotations>): void {
  for (const { key, value } of map.items) {
    if (!isScalar(key)) continue
    const path = [parent, parent === 'targets' ? 'NAME' : String(key.value)].filter(Boolean).join('.')
    const description = words.get(path)?.description
    if (description !== undefined) key.commentBefore = ` ${description}`
    if (isMap(value)) annotate(value, path, words)
  }
}
