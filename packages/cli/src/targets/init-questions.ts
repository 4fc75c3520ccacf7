import { SettingsError, settingsTemplate, type SshAnswers } from '@soen/settings'

/** The flags that stand for answers. */
export interface AnswerFlags {
  readonly machine?: string
  readonly jump?: string
  readonly domain?: string
  readonly email?: string
  readonly artifacts?: string
}

/** One thing that `soen init` wants to know. */
export interface Question {
  readonly flag: keyof AnswerFlags
  readonly words: string
  /** What counts where nothing is answered; without it, an answer is needed. */
  readonly otherwise?: string
  /** What an answer says of the server. */
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

/** Answers that nothing is wrong with, for trying one other beside them. */
const good: SshAnswers = {
  name: 'team',
  address: 'lab.example.org',
  domain: 'mlflow.example.org',
  tls: 'acme',
  artifacts: 'disk',
}

/** What is wrong with a part of the answers, as the settings say it; nothing where it can be used. */
export function faultOf(part: Partial<SshAnswers>): string | undefined {
  try {
    settingsTemplate({ ...good, ...part })
    return undefined
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    // The place in a file that is not written yet says nothing.
    return error.problems.map(({ message }) => message.replace(/^.*?`: /, '')).join('; ')
  }
}

/** `user@host:port`, of which only the host must be there. */
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
