import { allowIp } from './allow-ip.ts'
import { audit } from './audit.ts'
import { cert } from './cert.ts'
import { complete } from './complete.ts'
import { completion } from './completion.ts'
import { config } from './config.ts'
import { deploy } from './deploy.ts'
import { destroy } from './destroy.ts'
import { down } from './down.ts'
import { eject } from './eject.ts'
import { help } from './help.ts'
import { init } from './init.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { logs } from './logs.ts'
import { open } from './open.ts'
import { plan } from './plan.ts'
import { restart } from './restart.ts'
import { run } from './run.ts'
import { session } from './session.ts'
import { ssh } from './ssh.ts'
import { status } from './status.ts'
import { supportBundle } from './support-bundle.ts'
import { sync } from './sync.ts'
import { token } from './token.ts'
import { up } from './up.ts'
import { user } from './user.ts'
import type { Verb } from './verb.ts'
import { whoami } from './whoami.ts'

/** A group of verbs in the help. */
export interface VerbGroup {
  readonly heading: string
  readonly verbs: readonly Verb[]
}

/** Every verb, in the order of the help. */
export const verbGroups: readonly VerbGroup[] = [
  { heading: 'The platform on this computer:', verbs: [up, down] },
  { heading: 'This computer or a server:', verbs: [status, logs, open, config] },
  {
    heading: 'A server of soen.yaml:',
    verbs: [init, plan, deploy, restart, ssh, cert, allowIp, supportBundle, eject, destroy],
  },
  { heading: 'Your sign-in:', verbs: [login, logout, whoami] },
  { heading: 'People, for admins:', verbs: [user, token, session, audit] },
  { heading: 'Trainings:', verbs: [run, sync] },
  { heading: 'The command line:', verbs: [completion, help, complete] },
]
