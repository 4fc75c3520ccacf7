import { SettingsError, settingsTemplate, type SshAnswers } from '@soen/settings'

/** The flags that answer questions beforehand. */
export interface AnswerFlags {
  readonly machine?: string
  readonly jump?: string
  readonly domain?: string
  readonly email?: string
  readonly artifacts?: string
}

/** A question of `soen init`. */
export interface Question {
  readonly flag: keyof AnswerFlags
  readonly words: string
  /** The answer where none is given; without it, one is required. */
  readonly otherwise?: string
  /** Turns the answer into settings of the server. */
  readonly read: (answer: string) => Partial<SshAnswers>
}

/** The questions, in their order. */
export const questions: readonly Question[] = [
  { flag: 'machine', words: 'Machine, as user@host:', read: machineOf },
  {
    flag: 'jump',
    words: 'Jump host on the way, as user@host (none: Enter):',
    otherwise: '',
    read: (jump) => (jump === '' ? {} : { jump: jump.split(',').map((hop) => hop.trim()) }),
  },
  {
    flag: 'domain',
    words: 'Public name of the server, such as mlflow.example.org:',
    read: (domain) => ({ domain }),
  },
  {
    flag: 'email',
    words: 'Mail address for the certificate authority (none: Enter):',
    otherwise: '',
    read: (email) => (email === '' ? {} : { email }),
  },
  {
    flag: 'artifacts',
    words: 'Artifacts on its disk, or in s3://BUCKET/FOLDER (disk: Enter):',
    otherwise: 'disk',
    read: (artifacts) => ({ artifacts: artifacts === '' ? 'disk' : artifacts }),
  },
]

/** Valid answers, to validate another one together with them. */
const good: SshAnswers = {
  name: 'team',
  address: 'lab.example.org',
  domain: 'mlflow.example.org',
  tls: 'acme',
  artifacts: 'disk',
}

/** What is wrong with some of the answers, in the words of the settings; undefined where they are valid. */
export function faultOf(part: Partial<SshAnswers>): string | undefined {
  try {
    settingsTemplate({ ...good, ...part })
    return undefined
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    // The position is dropped: the file does not exist yet.
    return error.problems.map(({ message }) => message.replace(/^.*?`: /, '')).join('; ')
  }
}

/** Parses `user@host:port`; only the host is required. */
export function machineOf(text: string): Pick<SshAnswers, 'address' | 'user' | 'port'> {
  const {
    user,
    address = text,
    port,
  } = /^(?:(?<user>[^@]+)@)?(?<address>\[[^\]]+\]|[^:]+)(?::(?<port>\d+))?$/.exec(text.trim())?.groups ?? {}
  return {
    address: address.replace(/^\[(.*)\]$/, '$1'),
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port: Number(port) }),
  }
}
