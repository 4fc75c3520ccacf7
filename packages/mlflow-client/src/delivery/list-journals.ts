import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ClientError } from '../errors/client-error.ts'
import { readCursor } from '../journal/read-cursor.ts'
import { readHeader, type JournalHeader } from '../journal/header.ts'
import { readChunk } from '../journal/read-chunk.ts'
import { itemsIn } from '../journal/records.ts'
import { nameOf, readWaiting } from '../artifacts/waiting-files.ts'
import { isLocked } from '../node/lock.ts'
import { isMissing } from '../node/missing.ts'

/** A journal whose run is not completely on its server. */
export interface WaitingRun {
  readonly clientRunId: string
  readonly name: string
  readonly experiment: string
  /** The address it is meant for; without credentials. */
  readonly trackingUri: string
  readonly folder: string
  /** Milliseconds since the epoch. */
  readonly startTimeMs: number
  /** Metric points, parameters, tags and files that no server has acknowledged. */
  readonly waiting: number
  /** Whether a program, perhaps on another host, is still working on it and will deliver it itself. */
  readonly isBusy: boolean
}

/** A journal in the spool folder. */
export interface FoundJournal {
  readonly folder: string
  readonly header: JournalHeader
}

/** The journals that wait in a spool folder, in the order in which the runs began. Sends and changes nothing. */
export function listJournals(spoolDir: string): WaitingRun[] {
  return findJournals(spoolDir).flatMap((journal) => {
    try {
      return [describe(journal)]
    } catch (error) {
      // Another process has just delivered it.
      if (isMissing(error)) return []
      throw error
    }
  })
}

function describe({ folder, header }: FoundJournal): WaitingRun {
  return {
    clientRunId: header.clientRunId,
    name: header.name,
    experiment: header.experiment,
    trackingUri: header.trackingUri,
    folder,
    startTimeMs: header.startTimeMs,
    waiting: countWaiting(folder),
    isBusy: isLocked(folder),
  }
}

/** The journals of a spool folder, in the order in which the runs began: a run comes before its children. */
export function findJournals(spoolDir: string): FoundJournal[] {
  const journals = foldersIn(spoolDir).flatMap((folder) => {
    const header = readHeader(folder)
    return header === undefined ? [] : [{ folder, header }]
  })
  const parents = new Map(journals.map(({ header }) => [header.clientRunId, header.parentId]))
  const generation = ({ header }: FoundJournal): number => ancestorsOf(header.clientRunId, parents)
  // A run may have children that began in the same millisecond.
  return journals.sort((a, b) => a.header.startTimeMs - b.header.startTimeMs || generation(a) - generation(b))
}

function ancestorsOf(id: string, parents: ReadonlyMap<string, string | undefined>): number {
  let count = 0
  for (let parent = parents.get(id); parent !== undefined && count < parents.size; count += 1)
    parent = parents.get(parent)
  return count
}

function countWaiting(folder: string): number {
  const files = readWaiting(folder)
  let waiting = [...files.values()].filter(({ isDone }) => isDone !== true).length
  let position = readCursor(folder)
  try {
    for (let chunk = readChunk(folder, position); chunk !== undefined; chunk = readChunk(folder, position)) {
      const fresh = chunk.records.filter((record) => record.k !== 'a' || !files.has(nameOf(record)))
      waiting += fresh.reduce((sum, record) => sum + itemsIn(record), 0)
      position = chunk.next
    }
  } catch (error) {
    // A part that no client wrote is reported by a sync.
    if (!(error instanceof ClientError)) throw error
  }
  return waiting
}

function foldersIn(spoolDir: string): string[] {
  try {
    const entries = readdirSync(spoolDir, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(spoolDir, name))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}
