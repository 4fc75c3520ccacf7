/** System accounts, each for one program; their names are those of the units and of the database roles too. */
export const accounts = { mlflow: 'soen-mlflow', authProxy: 'soen-auth-proxy', caddy: 'caddy' } as const

/** The units of a server. */
export const units = {
  mlflow: 'soen-mlflow.service',
  authProxy: 'soen-auth-proxy.service',
  caddy: 'caddy.service',
} as const

/** Tells our unit of Caddy from one that an administrator wrote: the name is the same. */
export const caddyDescription = 'TLS of the SOEN server'

/** Where the programs listen; the socket's folder belongs to the program's group, which its client is in. */
export const sockets = {
  mlflow: '/run/soen-mlflow/mlflow.sock',
  authProxy: '/run/soen-auth-proxy/http.sock',
} as const

/** Where the plan puts the carried files, each under its path in the manifest, and the machine's record. */
export const programFolder = '/opt/soen'

/** What stays when a server is taken off its machine: the programs' data, and who changed the machine. */
export const dataFolder = '/var/lib/soen'

/** What has to be kept: each program's own data. */
export const stateFolders = {
  mlflow: '/var/lib/soen/mlflow',
  authProxy: '/var/lib/soen/auth-proxy',
  caddy: '/var/lib/caddy',
} as const

/** Settings of the programs, written by the plan. */
export const settingsFolder = '/etc/soen'

/** Secrets, for root alone: systemd hands each to the one program that it is for. */
export const credentialsFolder = '/etc/soen/credentials'

/** Who makes the first admin reads the secret for it here. */
export const setupSecretFile = '/var/lib/soen/auth-proxy/setup-secret'

/** Who did what, as files beside the table in the database. */
export const auditFolder = '/var/lib/soen/auth-proxy/audit'

/** The server's PostgreSQL: its cluster beside any other, its port, which names a socket only, its databases. */
export const postgres = {
  cluster: 'soen',
  port: 5488,
  socketFolder: '/var/run/postgresql',
  databases: { mlflow: 'mlflow', authProxy: 'soen_proxy' },
} as const
