import type { KubeObject } from '../../../core/sdk/index.js'
import type { Column, KindRow } from '../kinds/types.js'
import { age } from './age.js'

export interface TableOptions {
  /** What a row carries besides its cells. */
  includeObject: 'None' | 'Metadata' | 'Object'
  metadata: object
  /** `meta.k8s.io/v1`, or the version that the client asked for. */
  apiVersion: string
  /** The form of an object that a row carries. */
  carried?: (object: KubeObject) => KubeObject
  /** ms; ages are counted from here. */
  now?: number
}

export interface TableRow { cells: unknown[], object: object | null }
export interface Table { kind: 'Table', apiVersion: string, metadata: object, columnDefinitions: object[], rows: TableRow[] }

const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Unique among the objects of the kind in a namespace.',
  priority: 0,
  value: ({ metadata }) => metadata.name,
}

/** The name stands first, unless the kind places it itself. */
const columnsOf = ({ columns, crd }: KindRow): readonly Column[] => !crd && columns.some(({ name }) => name === nameColumn.name) ? columns : [nameColumn, ...columns]

/** Built-in kinds publish ages as text, as Kubernetes does, and times as dates; custom columns keep their type. */
const definitionOf = ({ crd }: KindRow, { name, type, format = '', description = '', priority }: Column) =>
  ({ name, type: type === 'time' ? 'date' : !crd && type === 'date' ? 'string' : type, format, description, priority })

/** What a custom object does not have is an empty cell, as a cluster has it. */
function cellOf ({ crd }: KindRow, { type, value }: Column, object: KubeObject, now: number): unknown {
  const cell = value(object)
  if (cell === undefined || cell === null) return crd ? null : '<none>'
  return type === 'date' ? age(cell, now) : cell
}

function shown (object: KubeObject, includeObject: TableOptions['includeObject'], apiVersion: string): object | null {
  if (includeObject === 'None') return null
  return includeObject === 'Object' ? object : { kind: 'PartialObjectMetadata', apiVersion, metadata: object.metadata }
}

/** Objects of one kind as a meta.k8s.io Table. */
export function toTable (row: KindRow, objects: readonly KubeObject[], { includeObject, metadata, apiVersion, carried = object => object, now = Date.now() }: TableOptions): Table {
  const columns = columnsOf(row)
  return {
    kind: 'Table',
    apiVersion,
    metadata,
    columnDefinitions: columns.map(column => definitionOf(row, column)),
    rows: objects.map(object => ({ cells: columns.map(column => cellOf(row, column, object, now)), object: shown(carried(object), includeObject, apiVersion) })),
  }
}
