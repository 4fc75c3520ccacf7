import { askPostgres, tellPostgres } from './postgres-query.ts'
import { nothing, type Difference, type ResourceKind } from './resource-kind.ts'

/** A database and its owner, the role with a system account's name: peer authentication, no password. */
interface PostgresDatabaseResource {
  readonly kind: 'postgres-database'
  readonly name: string
  readonly owner: string
  /** The cluster's. */
  readonly port: number
}

const question = `select
  (select case when rolsuper then 'superuser' when rolcanlogin then 'may sign in' else 'may not sign in' end
    from pg_roles where rolname = :'owner'),
  (select pg_get_userbyid(datdba) from pg_database where datname = :'name'),
  (select has_database_privilege('public', datname, 'connect') from pg_database where datname = :'name');`

/** Databases with one owner each; nobody else may connect, so that two programs cannot read each other's data. */
export const postgresDatabaseKind: ResourceKind<PostgresDatabaseResource> = {
  kind: 'postgres-database',
  name: ({ name }) => `postgres-database ${name}`,
  shell: ({ name, owner, port }) => [
    `runuser -u postgres -- createuser --port ${port} ${owner}`,
    `runuser -u postgres -- createdb --port ${port} --owner ${owner} ${name}`,
  ],
  async differences({ name, owner, port }, machine) {
    const [row] = (await askPostgres(machine, question, { port, values: { name, owner } })) ?? []
    const [role = '', isOwner = '', isOpen = ''] = row ?? []
    const differences: Difference[] = []
    if (role !== 'may sign in') {
      differences.push({ aspect: `role ${owner}`, is: role || null, wanted: 'may sign in' })
    }
    if (isOwner !== owner) differences.push({ aspect: 'owner', is: isOwner || null, wanted: owner })
    if (isOpen === 't') differences.push({ aspect: 'access', is: 'every role', wanted: `only ${owner}` })
    return differences
  },
  async apply({ name, owner, port }, machine) {
    const values = { name, owner }
    // \\gexec runs what a query returns: PostgreSQL has no `CREATE … IF NOT EXISTS` for roles and databases.
    const sql = `select format('create role %I', :'owner') where not exists
      (select from pg_roles where rolname = :'owner') \\gexec
      alter role :"owner" with login nosuperuser nocreatedb nocreaterole;
      select format('create database %I owner %I', :'name', :'owner') where not exists
      (select from pg_database where datname = :'name') \\gexec
      alter database :"name" owner to :"owner";
      revoke connect on database :"name" from public;`
    await tellPostgres(machine, sql, { port, values })
  },
  async remains() {
    return nothing
  },
  /** The database stays in its cluster. */
  async remove() {},
}
