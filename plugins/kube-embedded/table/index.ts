import type { KubeObject } from '../../../core/sdk/index.js'
import type { Column, KindRow } from '../kinds/types.js'
import { age } from './age.js'

export interface TableOptions {
  /** What a row carries besides its cells. */
  includeObject: 'None' | 'Metadata' | 'Object'
  metadata: object
  /** `meta.k8s.io/v1`, or the version that the client asked for. */
  apiVersion: string
  /** ms; ages are counted from here. */
  now?: number
}

export interface TableRow { cells: unknown[], object: object | null }
export interface Table { kind: 'Table', apiVersion: string, metadata: object, columnDefinitions: object[], rows: TableRow[] }

const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace. It identifies the object among those of its kind and cannot be changed.',
  priority: 0,
  value: ({ metadata }) => metadata.name,
}

/** The name stands first, unless the kind places it itself. */
const columnsOf = ({ columns }: KindRow): readonly Column[] => columns.some(({ format }) => format === 'name') ? columns : [nameColumn, ...columns]

/** Built-in kinds publish ages as text, as Kubernetes does; custom columns keep their type. */
const definitionOf = ({ crd }: KindRow, { name, type, format = '', description = '', priority }: Column) =>
  ({ name, type: !crd && type === 'date' ? 'string' : type, format, description, priority })

function cellOf ({ type, value }: Column, object: KubeObject, now: number): unknown {
  const cell = value(object)
  if (cell === undefined || cell === null) return '<none>'
  return type === 'date' ? age(cell, now) : cell
}

function carried (object: KubeObject, includeObject: TableOptions['includeObject'], apiVersion: string): object | null {
  if (includeObject === 'None') return null
  return includeObject === 'Object' ? object : { kind: 'PartialObjectMetadata', apiVersion, metadata: object.metadata }
}

/** Objects of one kind as a meta.k8s.io Table. */
export function toTable (row: KindRow, objects: readonly KubeObject[], { includeObject, metadata, apiVersion, now = Date.now() }: TableOptions): Table {
  const columns = columnsOf(row)
  return {
    kind: 'Table',
    apiVersion,
    metadata,
    columnDefinitions: columns.map(column => definitionOf(row, column)),
    rows: objects.map(object => ({ cells: columns.map(column => cellOf(column, object, now)), object: carried(object, includeObject, apiVersion) })),
  }
}
