/** System accounts, each for one program; the units and database roles have the same names. */
export const accounts = { mlflow: 'soen-mlflow', authProxy: 'soen-auth-proxy', caddy: 'caddy' } as const

/** The units of a server. */
export const units = {
  mlflow: 'soen-mlflow.service',
  authProxy: 'soen-auth-proxy.service',
  caddy: 'caddy.service',
} as const

/** Tells our Caddy unit from one that an administrator wrote under the same name. */
export const caddyDescription = 'TLS of the SOEN server'

/** The programs' sockets; a socket's folder belongs to the program's group, which its client is a member of. */
export const sockets = {
  mlflow: '/run/soen-mlflow/mlflow.sock',
  authProxy: '/run/soen-auth-proxy/http.sock',
} as const

/** The folder of the carried files, each at its path in the manifest, and of the machine's record. */
export const programFolder = '/opt/soen'

/** What stays when a server is removed from its machine: the programs' data, and the record of who changed it. */
export const dataFolder = '/var/lib/soen'

/** The data folder of each program, which must be kept. */
export const stateFolders = {
  mlflow: '/var/lib/soen/mlflow',
  authProxy: '/var/lib/soen/auth-proxy',
  caddy: '/var/lib/caddy',
} as const

/** The programs' settings, written by the plan. */
export const settingsFolder = '/etc/soen'

/** Secrets, readable by root alone; systemd passes each to the one program that needs it. */
export const credentialsFolder = '/etc/soen/credentials'

/** The file with the secret for creating the first admin. */
export const setupSecretFile = '/var/lib/soen/auth-proxy/setup-secret'

/** The audit's files, besides the table in the database. */
export const auditFolder = '/var/lib/soen/auth-proxy/audit'

/** The signed heads of the audit and their key; only root can write here, or read the key. */
export const auditSignaturesFolder = '/var/lib/soen/audit-signatures'

/**
 * The server's PostgreSQL: its cluster, separate from any other; its port, which only names a socket; its databases.
 */
export const postgres = {
  cluster: 'soen',
  port: 5488,
  socketFolder: '/var/run/postgresql',
  databases: { mlflow: 'mlflow', authProxy: 'soen_proxy' },
} as const
