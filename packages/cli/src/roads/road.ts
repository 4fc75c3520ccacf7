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

/** An open connection to a machine, as root; the same for verbs whatever it is made of. */
export interface Road extends RootAccess, AsyncDisposable {
  readonly probe: Probe
  /** Sends a request to the program that the last deploy installed on the machine. */
  ask<Name extends VerbName>(
    request: OnHostRequest<Name>,
    onEvent?: (event: OnHostEvent) => void,
  ): Promise<OnHostAnswer<Name>>
  /** Delivers to the machine the files that it does not have. */
  deliver(files: readonly CarriedFile[], options?: DeliverOptions): Promise<Delivered>
  /** Our own address, as the machine sees it. */
  ownAddress(): Promise<OwnAddress>
}

/** The address that our connections to the machine come from. */
export interface OwnAddress {
  readonly network: string
  /** Whether it is a jump host's, and so not the one that our web requests come from. */
  readonly isOfJumpHost: boolean
}

/** What differs between kinds of road; the rest is built on it. */
export interface RoadParts {
  readonly root: RootAccess
  readonly probe: Probe
  readonly ownAddress: () => Promise<OwnAddress>
  readonly close: () => Promise<void>
}

/** Builds a road on anything that starts programs as root. */
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

/** The program that the last deploy installed. */
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
