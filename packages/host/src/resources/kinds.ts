import type { Machine } from '../machine/machine.ts'
import { accountKind } from './account.ts'
import { fileKind } from './file.ts'
import { folderKind } from './folder.ts'
import { packagesKind } from './packages.ts'
import type { Difference, Resource } from './resource.ts'
import { unitKind } from './unit.ts'

/** How any resource differs from the plan. */
export function differencesOf(resource: Resource, machine: Machine): Promise<readonly Difference[]> {
  switch (resource.kind) {
    case 'folder':
      return folderKind.differences(resource, machine)
    case 'file':
      return fileKind.differences(resource, machine)
    case 'account':
      return accountKind.differences(resource, machine)
    case 'packages':
      return packagesKind.differences(resource, machine)
    case 'unit':
      return unitKind.differences(resource, machine)
  }
}

/** Makes any resource as planned. */
export function applyResource(resource: Resource, machine: Machine): Promise<void> {
  switch (resource.kind) {
    case 'folder':
      return folderKind.apply(resource, machine)
    case 'file':
      return fileKind.apply(resource, machine)
    case 'account':
      return accountKind.apply(resource, machine)
    case 'packages':
      return packagesKind.apply(resource, machine)
    case 'unit':
      return unitKind.apply(resource, machine)
  }
}
