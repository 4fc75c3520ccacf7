import { allowIp } from './allow-ip.ts'
import { audit } from './audit.ts'
import { cert } from './cert.ts'
import { complete } from './complete.ts'
import { completion } from './completion.ts'
import { deploy } from './deploy.ts'
import { destroy } from './destroy.ts'
import { down } from './down.ts'
import { eject } from './eject.ts'
import { init } from './init.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { logs } from './logs.ts'
import { open } from './open.ts'
import { plan } from './plan.ts'
import { restart } from './restart.ts'
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

/** Every verb, in the order of the help. */
export const allVerbs: readonly Verb[] = [
  up,
  down,
  status,
  logs,
  init,
  plan,
  deploy,
  destroy,
  eject,
  restart,
  ssh,
  open,
  cert,
  allowIp,
  supportBundle,
  login,
  logout,
  whoami,
  user,
  token,
  session,
  audit,
  sync,
  completion,
  complete,
]
