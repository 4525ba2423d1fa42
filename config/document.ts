import type { TSchema } from '@sinclair/typebox'

type Node = TSchema & { properties?: Record<string, Node>, items?: Node, description?: string, default?: unknown }

const value = (fallback: unknown): string => Array.isArray(fallback) || (typeof fallback === 'object' && fallback !== null) ? JSON.stringify(fallback) : typeof fallback === 'string' ? (fallback === '' ? '""' : JSON.stringify(fallback)) : String(fallback)

function lines (properties: Record<string, Node>, indent: string): string[] {
  return Object.entries(properties).flatMap(([key, node]) => {
    if (node.properties) return [`#${indent}${key}:`, ...lines(node.properties, `${indent}  `)]
    const note = node.description ? `  # ${node.description}` : ''
    return [`#${indent}${key}: ${value(node.default ?? '')}${note}`]
  })
}

/** A configuration file with every key, its default and its meaning, all commented out. */
export const commentedConfig = (schema: TSchema): string => `# The configuration of ks-apiserver: every key with its default. Keys are read without regard to case; durations as Go writes them (10m0s).
# Written by scripts/config-docs.ts from the schema.

${lines((schema as Node).properties ?? {}, ' ').join('\n')}
`
