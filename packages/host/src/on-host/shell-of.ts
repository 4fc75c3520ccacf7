import { payloadStore } from '../payload.ts'
import { nameOf, type FileResource, type Resource } from '../resources/resource.ts'
import { unitText } from '../resources/unit.ts'
import { credentialsFolder } from '../layout.ts'

/** A resource as the shell that makes it, for people who go on without this kit. */
export function shellOf(resource: Resource): string {
  return `# ${nameOf(resource)}\n${linesOf(resource).join('\n')}\n`
}

function linesOf(resource: Resource): readonly string[] {
  switch (resource.kind) {
    case 'folder': {
      const { mode, owner, group, path } = resource
      return [`install -d -m ${octal(mode)} -o ${owner} -g ${group} ${path}`]
    }
    case 'file':
      return fileLines(resource)
    case 'carried':
      return [`install -m ${octal(resource.mode)} ${payloadStore}/${resource.sha256} ${resource.path}`]
    case 'account':
      return [
        `id ${resource.name} >/dev/null 2>&1 || useradd --system --user-group --home-dir ${resource.home} --shell /usr/sbin/nologin ${resource.name}`,
        ...resource.groups.map((group) => `usermod --append --groups ${group} ${resource.name}`),
      ]
    case 'packages':
      return [
        `DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${resource.names.join(' ')}`,
      ]
    case 'unit':
      return [...unitLines(resource.name, unitText(resource)), ...startLines(resource.name)]
    case 'trigger': {
      const service = resource.name.replace(/\.[a-z]+$/, '.service')
      return [
        ...unitLines(service, resource.service),
        ...unitLines(resource.name, resource.content),
        ...startLines(resource.name),
      ]
    }
    case 'retired-trigger':
      return [`systemctl disable --now ${resource.name} 2>/dev/null || true`]
    case 'python-environment': {
      const { uv, path, requirements, imports } = resource
      return [
        `${uv} venv --python /usr/bin/python3 ${path}`,
        `${uv} pip sync --python ${path}/bin/python --require-hashes ${requirements}`,
        `DO_NOT_TRACK=true ${path}/bin/python -c 'import ${imports.join(', ')}'`,
      ]
    }
    case 'postgres-cluster': {
      const { name, port, settings } = resource
      const settingLines = Object.entries(settings).map(
        ([key, value]) => `pg_conftool "$version" ${name} set ${key} '${value}'`,
      )
      return [
        'version=$(ls /usr/lib/postgresql | sort -n | tail -1)',
        `pg_createcluster --port ${port} --start-conf auto --encoding UTF8 --locale C.UTF-8 "$version" ${name} -- --data-checksums`,
        ...settingLines,
        `systemctl restart postgresql@"$version"-${name}`,
      ]
    }
    case 'postgres-database': {
      const { name, owner, port } = resource
      return [
        `runuser -u postgres -- createuser --port ${port} ${owner}`,
        `runuser -u postgres -- createdb --port ${port} --owner ${owner} ${name}`,
      ]
    }
    case 'swap': {
      const { path, sizeBytes } = resource
      return [`fallocate -l ${sizeBytes} ${path} && chmod 600 ${path} && mkswap ${path} && swapon ${path}`]
    }
    case 'kernel-parameters': {
      const lines = Object.entries(resource.values).map(([key, value]) => `${key} = ${value}`)
      return [...hereDocument(`/etc/sysctl.d/${resource.name}.conf`, lines.join('\n')), 'sysctl --system']
    }
    case 'firewall':
      return [
        ...hereDocument(
          `/etc/soen/${resource.table}.nft`,
          `table inet ${resource.table} {\n${resource.rules}}`,
        ),
        `nft --file /etc/soen/${resource.table}.nft`,
      ]
    case 'store':
      return ['# Nothing to make: a deploy takes away what former ones left.']
    case 'answer':
      return [
        `curl --fail --retry 60 --retry-all-errors --retry-delay 1 --unix-socket ${resource.socketPath} http://localhost${resource.path}`,
      ]
  }
}

function fileLines({ path, content, mode, owner, group }: FileResource): readonly string[] {
  const isSecret = path.startsWith(`${credentialsFolder}/`)
  const shown = isSecret ? 'THE SECRET, WHICH IS NOT PRINTED' : content.replace(/\n$/, '')
  return [...hereDocument(path, shown), `chown ${owner}:${group} ${path} && chmod ${octal(mode)} ${path}`]
}

function unitLines(name: string, text: string): readonly string[] {
  return hereDocument(`/etc/systemd/system/${name}`, text.replace(/\n$/, ''))
}

function startLines(name: string): readonly string[] {
  return ['systemctl daemon-reload', `systemctl enable --now ${name}`]
}

/** Its end mark stands in no file of ours. */
function hereDocument(path: string, text: string): readonly string[] {
  return [`cat > ${path} <<'SOEN_END'`, text, 'SOEN_END']
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
