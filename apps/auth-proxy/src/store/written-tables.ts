import type {
  KyselyPlugin,
  OperationNode,
  PluginTransformQueryArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from 'kysely'
import {
  AliasNode,
  DeleteQueryNode,
  InsertQueryNode,
  SelectQueryNode,
  TableNode,
  UpdateQueryNode,
} from 'kysely'

/** Collects the tables that a transaction's statements write; undefined when it may be any. */
export class WrittenTables implements KyselyPlugin {
  #names: Set<string> | undefined = new Set()

  get names(): ReadonlySet<string> | undefined {
    return this.#names
  }

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    const written = tablesOf(node)
    if (written === undefined) this.#names = undefined
    else for (const name of written) this.#names?.add(name)
    return node
  }

  async transformResult({
    result,
  }: {
    readonly result: QueryResult<UnknownRow>
  }): Promise<QueryResult<UnknownRow>> {
    return result
  }
}

/** The tables that a statement writes; undefined for plain SQL and nested statements, which cannot be analysed. */
function tablesOf(node: RootOperationNode): readonly string[] | undefined {
  if ('with' in node && node.with !== undefined) return undefined
  if (SelectQueryNode.is(node)) return []
  if (InsertQueryNode.is(node)) return namesOf([node.into])
  if (UpdateQueryNode.is(node)) return namesOf([node.table])
  return DeleteQueryNode.is(node) ? namesOf(node.from.froms) : undefined
}

function namesOf(nodes: readonly (OperationNode | undefined)[]): readonly string[] | undefined {
  const names = nodes.map(nameOf)
  return names.every((name) => name !== undefined) ? names : undefined
}

function nameOf(node: OperationNode | undefined): string | undefined {
  if (node === undefined) return undefined
  if (AliasNode.is(node)) return nameOf(node.node)
  return TableNode.is(node) ? node.table.identifier.name : undefined
}
