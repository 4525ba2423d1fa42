// Writes config/kubesphere.yaml from the schema: every key with its default and meaning.
import { writeFileSync } from 'node:fs'
import { commentedConfig } from '../config/document.js'
import { schemaOf } from '../config/load.js'
import { configOf } from '../core/sdk/collect.js'
import { groups } from '../plugins/index.js'

writeFileSync('config/kubesphere.yaml', commentedConfig(schemaOf(configOf(groups))))
