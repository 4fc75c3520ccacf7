/** The action of a form, as named in the address of the page that follows. */
export type Done =
  | 'signed-out'
  | 'set-up'
  | 'token-revoked'
  | 'session-ended'
  | 'password-changed'
  | 'user-added'
  | 'role-set'
  | 'password-set'
  | 'disabled'
  | 'enabled'
  | 'unlocked'
  | 'removed'

/** All texts of our pages, in one language. */
export interface Words {
  readonly menu: string
  readonly account: string
  readonly users: string
  readonly audit: string
  readonly signIn: string
  readonly signOut: string
  readonly userName: string
  readonly password: string
  readonly newPassword: string
  readonly programsUseTokens: string
  readonly setup: {
    readonly title: string
    readonly intro: string
    readonly secret: string
    readonly name: string
    readonly button: string
    readonly wrongSecret: string
  }
  readonly tokens: {
    readonly newToken: string
    readonly shownOnce: string
    readonly logRuns: string
    readonly inConfig: string
    readonly configBlock: string
    readonly forMlflow: string
    readonly mlflowLines: string
    readonly placeholder: string
    readonly title: string
    readonly none: string
    readonly name: string
    readonly days: string
    readonly example: string
    readonly make: string
    readonly revoke: string
    readonly shared: string
  }
  readonly copy: string
  readonly copied: string
  readonly browsers: string
  readonly thisOne: string
  readonly never: string
  readonly lastSeen: (address: string, when: string) => string
  readonly device: (program: string, system: string) => string
  readonly otherProgram: string
  readonly currentPassword: string
  readonly changePassword: string
  readonly columns: Readonly<Record<Column, string>>
  readonly accounts: {
    readonly you: string
    readonly disabled: string
    readonly program: string
    readonly active: string
    readonly sharedUntil: (day: string) => string
    readonly title: string
    readonly kind: string
    readonly person: string
    readonly service: string
    readonly firstPassword: string
    readonly make: string
    readonly roles: string
    readonly roleOf: (name: string) => string
    readonly newPasswordOf: (name: string) => string
    readonly setRole: string
    readonly setPassword: string
    readonly disable: string
    readonly enable: string
    readonly unlock: string
    readonly remove: string
    readonly removeForGood: string
    readonly removal: (name: string) => string
    /** An action with its object, so that each button has a distinct accessible name. */
    readonly on: (action: string, name: string) => string
  }
  readonly filter: {
    readonly label: string
    readonly run: string
    readonly experiment: string
    readonly user: string
    readonly action: string
    readonly since: string
    readonly anId: string
    readonly aName: string
    readonly sinceHint: string
    readonly denied: string
    readonly show: string
    readonly nothing: string
    readonly older: string
    readonly refused: string
    readonly times: (count: number) => string
  }
  readonly closed: string
  /** The message on the page that follows an action; `name` is the account concerned. */
  readonly done: Readonly<Record<Done, (name: string) => string>>
}

/** A heading of a table. */
export type Column =
  | 'name'
  | 'id'
  | 'expires'
  | 'lastUsed'
  | 'action'
  | 'actions'
  | 'from'
  | 'browser'
  | 'lastSeen'
  | 'state'
  | 'role'
  | 'time'
  | 'deed'
  | 'answer'
