import {
  hostProgramPath,
  payloadPaths,
  programFolder,
  type OnHostAnswer,
  type OnHostEvent,
  type OnHostRequest,
  type VerbName,
} from '@soen/host'
import { CliError } from '../errors.ts'
import type { CarriedFile } from '../payload/carried-file.ts'
import { callHost, type HostProgram } from './call-host.ts'
import { deliver, type Delivered, type DeliverOptions } from './deliver.ts'
import type { Probe } from './probe.ts'
import type { RootAccess } from './root-access.ts'

/** An open way to a machine on which we are root, the same for verbs whatever it leads through. */
export interface Road extends RootAccess, AsyncDisposable {
  readonly probe: Probe
  /** Asks the program that the last deploy left on the machine. */
  ask<Name extends VerbName>(
    request: OnHostRequest<Name>,
    onEvent?: (event: OnHostEvent) => void,
  ): Promise<OnHostAnswer<Name>>
  /** Carries files to the machine, those that it does not have. */
  deliver(files: readonly CarriedFile[], options?: DeliverOptions): Promise<Delivered>
  /** The address that we come from, as the machine sees it. */
  ownAddress(): Promise<OwnAddress>
}

/** Where a call to the machine comes from. */
export interface OwnAddress {
  readonly network: string
  /** Whether it is that of a host on the way, and so nobody's for the web. */
  readonly isOfJumpHost: boolean
}

/** What differs between the kinds of road: everything else is made of it. */
export interface RoadParts {
  readonly root: RootAccess
  readonly probe: Probe
  readonly ownAddress: () => Promise<OwnAddress>
  readonly close: () => Promise<void>
}

/** A road over whatever starts programs as root. */
export function roadOver({ root, probe, ownAddress, close }: RoadParts): Road {
  return {
    ...root,
    probe,
    ownAddress,
    async ask(request, onEvent) {
      await refuseBare(root)
      return callHost(root, installed, request, onEvent)
    },
    deliver: (files, options) => deliver(root, files, options),
    [Symbol.asyncDispose]: close,
  }
}

/** What the last deploy left. */
const installed: HostProgram = {
  node: `${programFolder}/${payloadPaths.node}`,
  program: `${programFolder}/${hostProgramPath}`,
}

async function refuseBare(root: RootAccess): Promise<void> {
  if ((await root.run(['test', '-e', installed.program])).code === 0) return
  throw new CliError(`There is no server on ${root.address} yet.`, {
    code: 'SOEN_NOT_DEPLOYED',
    hint: 'Make it one first: soen deploy.',
  })
}
